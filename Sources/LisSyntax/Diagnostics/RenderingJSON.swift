/// The diagnostic as one JSON object on one line, for editors and other programs: `code`, `severity`, `message`, `file`,
/// `line`, `column`, `endLine`, `endColumn` (from 1, columns in characters; null without a place), `hints`, and `labels`:
/// every place it has to do with, the first one included, each with a `text` that may be empty and `primary`.
public func renderJSON(_ diagnostic: Diagnostic) -> String {
  var fields = [
    "\"code\":" + json(diagnostic.code), "\"severity\":" + json(diagnostic.severity.rawValue),
    "\"message\":" + json(diagnostic.message),
  ]
  if let label = diagnostic.primaryLabel {
    fields += place(label)
  } else {
    fields.append("\"file\":null,\"line\":null,\"column\":null,\"endLine\":null,\"endColumn\":null")
  }
  fields.append("\"hints\":[" + diagnostic.hints.map(json).joined(separator: ",") + "]")
  let labels = diagnostic.labels.map { label in
    let fields = place(label) + ["\"text\":" + json(label.text), "\"primary\":\(label.isPrimary)"]
    return "{" + fields.joined(separator: ",") + "}"
  }
  fields.append("\"labels\":[" + labels.joined(separator: ",") + "]")
  return "{" + fields.joined(separator: ",") + "}"
}

private func place(_ label: Diagnostic.Label) -> [String] {
  let start = label.source.position(of: label.span.lower)
  let end = label.source.position(of: label.span.upper)
  return [
    "\"file\":" + json(label.source.name), "\"line\":\(start.line)", "\"column\":\(start.column)",
    "\"endLine\":\(end.line)", "\"endColumn\":\(end.column)",
  ]
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
