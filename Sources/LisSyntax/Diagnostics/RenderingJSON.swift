/// The diagnostic as one JSON object on one line, for editors and other programs: `code`, `severity`, `message`, `file`,
/// `line`, `column`, `endLine`, `endColumn` (from 1, columns in characters; null without a place) and `hints`.
public func renderJSON(_ diagnostic: Diagnostic) -> String {
  var fields = [
    "\"code\":" + json(diagnostic.code), "\"severity\":" + json(diagnostic.severity.rawValue),
    "\"message\":" + json(diagnostic.message),
  ]
  if let label = diagnostic.primaryLabel {
    let start = label.source.position(of: label.span.lower)
    let end = label.source.position(of: label.span.upper)
    fields += [
      "\"file\":" + json(label.source.name), "\"line\":\(start.line)", "\"column\":\(start.column)",
      "\"endLine\":\(end.line)", "\"endColumn\":\(end.column)",
    ]
  } else {
    fields.append("\"file\":null,\"line\":null,\"column\":null,\"endLine\":null,\"endColumn\":null")
  }
  fields.append("\"hints\":[" + diagnostic.hints.map(json).joined(separator: ",") + "]")
  return "{" + fields.joined(separator: ",") + "}"
}

/// One line for each.
public func renderJSON(_ diagnostics: [Diagnostic]) -> String {
  diagnostics.map(renderJSON).joined(separator: "\n")
}

/// A JSON string (RFC 8259). Characters that show nothing are escaped as well, so that the line can be read in a log.
private func json(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    default:
      if scalar.isMisleading {
        for unit in UTF16.encode(scalar) ?? .init() { result += escape(unit) }
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }
  return result + "\""
}

private func escape(_ unit: UInt16) -> String {
  let digits = String(unit, radix: 16, uppercase: false)
  return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
}
