/// What `lis help practice` says beside the commands. Lines fit a terminal of 80 columns.
enum PracticeHelp {
  static let text = """
    OAuth
      The page is /oauth/authorize, the token endpoints are /oauth/v1/token and
      the same of v3, 2026-03 and 2026-09. Without --oauth-app, --token and
      --scoped-token there is one app, `practice-client` with the secret
      `practice-secret`, which may be answered at any http address of this
      machine; the redirect `loopback` gives that to an app of your own. HubSpot
      wants each address registered and has no such apps. There is no sign-in:
      whoever opens the page is the account's user.

    Faults
      Rules are parted by semicolons: the word of a fault, then options.
        429 429-secondly 429-daily   retry-after=SECONDS
        423 477 500 502 503 504 524  retry-after= body=json|html|empty
                                     stage=before|after the commit
        lying-headers                lie=plenty|nothing|garbage
        html (with status 200)       stage=before|after
        reset-before  reset-after    of the commit
        cut  truncate  endless
        drip ms=100   big bytes=1073741824
        deep levels=100000   huge-header bytes=1048576
        shuffle  fewer  repeat  untraced    results and errors of a batch
        loop  endless-cursor                cursors of pages
        expire-token  revoke-token          the token of the request
        redirect to=URL status=302
        foreign-edit property=NAME value=   a change by somebody else
        delay for=1s
      Options of every fault:
        on=batch-update,search,reads,writes,…   method=POST   path=/crm/*
        at=1,3   every=5   p=0.1 seed=7   after=10s   times=2
      Chance comes from the seed and the number of the request among those that
      match, so a run can be repeated.

    Control endpoints
      They are the practice portal's own and take the control token as bearer
      token: the second line that `lis practice serve` prints, unless
      --control-token gives it.
        GET    /practice/log  /practice/stats  /practice/faults  /practice/clock
        POST   /practice/faults          {"rules":"503 on=search at=2"}
        DELETE /practice/faults
        POST   /practice/clock           {"advance":"35m"}
        POST   /practice/tokens/expire   {"token":"…"}, or {} for all of OAuth
        POST   /practice/tokens/revoke   the same, or {"refresh_token":"…"}
        POST   /practice/connections     {"client_id":"…"}, without the page

    Rules of the practice portal, where nothing is known of HubSpot
      Optional scopes are granted when the app can have them. Writing
      associations needs a write scope of one of the two objects. Revoking an
      access token ends it. A merged record has the values of the primary one,
      the other's where it has none, and the links of both.
    """
}
