import TerminalSupport
import TestSupport

/// The control endpoints of a practice portal in another process, whose control token is `control`.
enum Control {
  /// Posts an object and gives a member of the answer.
  static func post(_ server: Server, _ path: String, _ body: String, member: String = "") throws -> String {
    let script = """
      import json, sys, urllib.request
      url, body, member = json.load(sys.stdin)
      request = urllib.request.Request(url, body.encode(), {"Authorization": "Bearer control", "Content-Type": "application/json"})
      answer = json.load(urllib.request.urlopen(request, timeout=30))
      print(answer.get(member, "") if member else "", end="")
      """
    let quoted = body.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
    let input = "[\"\(server.url)/practice/\(path)\", \"\(quoted)\", \"\(member)\"]"
    return try PythonProcess.run(script: script, input: input)
  }

  /// Connects the account with an app without the page, and gives the refresh token.
  static func refreshToken(_ server: Server, client: String) throws -> String {
    try post(server, "connections", "{\"client_id\":\"\(client)\"}", member: "refresh_token")
  }
}
