/// The portal's few pages: plain, readable without style sheets and scripts, and closed to everything from elsewhere.
enum HTMLPage {
  static func consent(
    _ app: OAuthApp, scopes: [String], ticket: String, browser: String, target: RedirectAddress
  ) -> Answer {
    let list = scopes.map { "<li><code>\(escaped($0))</code></li>" }.joined(separator: "\n")
    let body = """
      <h1>Connect \(escaped(app.name))</h1>
      <p>The app <strong>\(escaped(app.name))</strong> asks for access to the practice portal, account
      \(PortalIdentity.portalId). Your answer goes to <code>\(escaped(target.origin))</code>.</p>
      <h2>It would be allowed</h2>
      <ul>
      \(list)
      </ul>
      <form method="post" action="/oauth/authorize">
      <input type="hidden" name="ticket" value="\(escaped(ticket))">
      <button type="submit" name="decision" value="connect">Connect</button>
      <button type="submit" name="decision" value="cancel">Cancel</button>
      </form>
      """
    var answer = page(title: "Connect \(app.name)", body: body, status: 200, formTargets: "'self' \(target.origin)")
    // Strict: a form of another site that is sent here comes without it.
    answer.headers.append(
      ("Set-Cookie", "\(OAuthEndpoints.cookieName)=\(browser); Path=/oauth; HttpOnly; SameSite=Strict"))
    return answer
  }

  static func problem(_ title: String, _ text: String) -> Answer {
    page(
      title: title, body: "<h1>\(escaped(title))</h1>\n<p>\(escaped(text))</p>", status: 400, formTargets: "'none'")
  }

  private static func page(title: String, body: String, status: Int, formTargets: String) -> Answer {
    let html = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(escaped(title)) - practice portal</title>
      </head>
      <body>
      <main>
      \(body)
      </main>
      </body>
      </html>

      """
    var answer = Answer(status: status, body: Array(html.utf8), contentType: "text/html; charset=utf-8")
    answer.headers = [
      (
        "Content-Security-Policy",
        "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action \(formTargets)"
      ), ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
      ("Cache-Control", "no-store"),
    ]
    return answer
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
