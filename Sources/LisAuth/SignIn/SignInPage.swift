import HTTPTypes
import Hummingbird

/// The pages that a browser sees at the end of a sign-in: text, and closed to everything from elsewhere.
struct SignInPage {
  var status: HTTPResponse.Status
  var title: String
  var text: String

  static let received = SignInPage(
    status: .ok, title: "Thank you", text: "lis has the answer. You can close this page and go back to the terminal.")
  static let denied = SignInPage(
    status: .ok, title: "Not connected", text: "Nothing was connected. You can close this page; the terminal says more."
  )
  static let foreign = SignInPage(
    status: .badRequest, title: "Not this sign-in",
    text: "This address does not belong to the sign-in that lis waits for. Open the address that lis has shown.")
  static let notFound = SignInPage(status: .notFound, title: "Nothing here", text: "lis waits for a sign-in.")

  var response: Response {
    let html = """
      <!DOCTYPE html>
      <html lang="en">
      <head><meta charset="utf-8"><title>\(title) - lis</title></head>
      <body><main><h1>\(title)</h1><p>\(text)</p></main></body>
      </html>

      """
    var headers = HTTPFields()
    headers[.contentType] = "text/html; charset=utf-8"
    headers[.contentSecurityPolicy] =
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    headers[.cacheControl] = "no-store"
    headers[.connection] = "close"
    for (name, value) in [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer")] {
      if let name = HTTPField.Name(name) { headers[name] = value }
    }
    return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: html)))
  }
}
