/// Takes a secret out of what is about to be written down: as it is, percent-encoded, and in base 64.
struct Redaction: Sendable {
  static let replacement = Array("[secret]".utf8)
  /// A text shorter than this would be found everywhere by chance, and no token is.
  private static let shortest = 8

  private let forms: [[UInt8]]

  init(_ secret: Secret) {
    let text = secret.text(for: .redaction)
    guard text.utf8.count >= Redaction.shortest else {
      forms = []
      return
    }
    let bytes = Array(text.utf8)
    let address = Base64URL.encode(bytes)
    let standard = String(address.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
    let all = [text, PercentEncoding.encode(text), address, standard].map { Array($0.utf8) }
    forms = all.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  func apply(_ bytes: [UInt8]) -> [UInt8] { forms.reduce(bytes) { Redaction.replace($1, in: $0) } }

  func apply(_ text: String) -> String { String(decoding: apply(Array(text.utf8)), as: UTF8.self) }

  private static func replace(_ form: [UInt8], in bytes: [UInt8]) -> [UInt8] {
    guard let first = form.first, bytes.count >= form.count else { return bytes }
    var output: [UInt8] = []
    var position = 0
    var copied = 0
    while position <= bytes.count - form.count {
      if bytes[position] == first, bytes[position..<(position + form.count)].elementsEqual(form) {
        output += bytes[copied..<position] + replacement
        position += form.count
        copied = position
      } else {
        position += 1
      }
    }
    if copied == 0 { return bytes }
    return output + bytes[copied...]
  }
}
