import LisCore
import LisFormats

/// A file that is not what it should be. Nothing was taken from the row or value at which it was found out.
enum FileFault: Error {
  case csv(file: String, CSVFault)
  case json(file: String, JSONFileFault)
  case lineTooLong(file: String, line: Int, limit: Int)
  case tooLarge(file: String, limit: Int)
  case utf16(file: String)
  /// A row that is to be saved has a field for which the file has no column, because the first row had none of the name.
  case noColumn(file: String, row: Int, field: String)
}

extension FileFault {
  var message: String {
    switch self {
    case .csv(let file, let fault): "\(file):\(fault.place.line):\(fault.place.column): \(fault.problem)"
    case .json(let file, let fault): "\(file):\(fault.place.line):\(fault.place.column): \(fault.problem.words)"
    case .lineTooLong(let file, let line, let limit): "\(file):\(line):1: the line is longer than \(limit) bytes"
    case .tooLarge(let file, let limit): "\(file) is larger than \(limit) bytes"
    case .utf16(let file): "\(file):1:1: the file is UTF-16"
    case .noColumn(let file, let row, let field):
      "row \(row) has a field `\(field.escapedForDisplay)` for which `\(file)` has no column; the file was not written"
    }
  }

  var hint: String? {
    switch self {
    case .csv(_, let fault): fault.hint
    case .json(_, let fault): fault.problem.hint
    case .lineTooLong: "is each value on a line of its own? an array is read with json_rows"
    case .tooLarge: "json_rows reads the elements of an array one by one, ndjson the values of lines"
    case .utf16: "save the file as UTF-8"
    case .noColumn: "name the columns with select; the columns are the fields of the first row"
    }
  }
}

extension JSONFileFault.Problem {
  fileprivate var words: String {
    switch self {
    case .json(let reason): "this is not JSON: \(reason.words)"
    case .noArray: "the file holds no array"
    case .elementTooLong(let limit): "an element is longer than \(limit) bytes"
    }
  }

  fileprivate var hint: String? {
    switch self {
    case .json(let reason): reason.hint
    case .noArray: "json reads a file with any value, ndjson one with a value on each line"
    case .elementTooLong: "is a quote or a bracket before it not closed?"
    }
  }
}

extension JSONFault.Reason {
  /// What is wrong, for a message.
  public var words: String {
    switch self {
    case .expectedValue: "a value belongs here"
    case .expectedKey: "a key in quotes belongs here"
    case .expectedColon: "`:` belongs here"
    case .expectedCommaOrEnd: "`,` or the closing bracket belongs here"
    case .unterminatedText: "the text does not end"
    case .controlCharacter: "a control character must be escaped"
    case .badEscape: "unknown escape"
    case .loneSurrogate: "half of a surrogate pair"
    case .badUTF8: "invalid UTF-8"
    case .badNumber: "this is not a number"
    case .numberTooLarge: "the number has more than 38 digits"
    case .tooDeep(let limit): "nested deeper than \(limit) levels"
    case .duplicateKey(let key): "the key \"\(key.escapedForDisplay)\" stands twice in one object"
    case .tooManyFields(let limit): "an object with more than \(limit) keys"
    case .trailing: "something follows the value"
    case .empty: "the text is empty"
    case .tooManyForms(let limit): "more than \(limit) different forms of objects were met"
    case .stopped: "interrupted"
    }
  }

  /// What to do about it.
  public var hint: String {
    switch self {
    case .expectedValue: "values are texts in double quotes, numbers, true, false, null, arrays and objects"
    case .expectedKey: "keys stand in double quotes, and no comma stands before `}`"
    case .expectedColon: "a key and its value are written \"key\": value"
    case .expectedCommaOrEnd: "is a comma, a quote or a bracket missing before this?"
    case .unterminatedText: "close it with a double quote"
    case .controlCharacter: "a line end in a text is written \\n, a tab \\t"
    case .badEscape: "known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hex digits"
    case .loneSurrogate: "a character beyond U+FFFF is written as two \\u escapes, the first from \\uD800 to \\uDBFF"
    case .badUTF8: "save the file as UTF-8"
    case .badNumber: "numbers are written like -12, 0.5 or 1.5e3, without `+` and leading zeros"
    case .numberTooLarge: "write it as a text, in quotes, if it is an identifier"
    case .tooDeep: "take the part that is needed out of it first"
    case .duplicateKey: "which of the two is meant cannot be known; remove one"
    case .tooManyFields: "an array of objects holds any number of them"
    case .trailing: "several values, each on a line of its own, are read with ndjson"
    case .empty: "is it the right file?"
    case .tooManyForms: "data that stand in keys belong into values: [{ \"key\": …, \"value\": … }]"
    case .stopped: "run it again"
    }
  }
}
