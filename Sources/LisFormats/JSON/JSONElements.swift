import LisCore

/// Why a file is not the JSON it should be, and where.
public struct JSONFileFault: Error, Equatable, Sendable {
  public enum Problem: Equatable, Sendable {
    case json(JSONFault.Reason)
    /// The file holds a value that is no array.
    case noArray
    /// An element takes more than `limit` bytes.
    case elementTooLong(limit: Int)
  }

  public var place: TextPlace
  public var problem: Problem

  public init(place: TextPlace, problem: Problem) {
    self.place = place
    self.problem = problem
  }
}

/// Divides a file with a JSON array into its elements as the bytes arrive, so that a file of any size needs the memory of
/// one element.
///
/// ```
/// [ {"a": 1}, {"a": [2, "]"]} ]   →   {"a": 1}   {"a": [2, "]"]}
/// ```
///
/// It finds out where an element ends and no more. Whether an element is JSON is for `JSONReader`, whose faults `fault(_:)`
/// places in the file.
public struct JSONElements {
  private enum Stage {
    case start, afterElement, cutOff, end
  }

  private let nextChunk: () throws -> [UInt8]?
  private let limit: Int
  private var stage = Stage.start
  /// The stretch of the file from the current element on.
  private var bytes: [UInt8] = []
  private var position = 0
  private var isAtEnd = false
  private var line = 1
  /// Where the line begins in `bytes`; characters of it that are gone already are in `passed`.
  private var lineStart = 0
  private var passed = 0
  private var element = 0..<0
  private var elementStart = TextPlace(line: 1, column: 1)

  /// - Parameters:
  ///   - limit: bytes of one element.
  ///   - nextChunk: gives the next bytes of the file in pieces of any size, nil at its end.
  public init(limit: Int, nextChunk: @escaping () throws -> [UInt8]?) {
    self.limit = limit
    self.nextChunk = nextChunk
  }

  /// The line on which the current element begins, counted from 1.
  public var elementLine: Int { elementStart.line }

  /// The bytes of the next element, or nil after the last.
  /// - Throws: `JSONFileFault`, or what the source of the chunks throws.
  public mutating func next() throws -> ArraySlice<UInt8>? {
    switch stage {
    case .start:
      guard try openArray() else { return nil }
    case .afterElement:
      let terminator = bytes[position]
      position += 1
      if terminator == UInt8(ascii: "]") { return try finish() }
      try skipSpace()
      guard position < bytes.count, bytes[position] != UInt8(ascii: ","), bytes[position] != UInt8(ascii: "]") else {
        throw fault(.expectedValue)
      }
    case .cutOff: throw fault(.expectedCommaOrEnd)
    case .end: return nil
    }
    elementStart = place(position)
    let end = try elementEnd()
    element = position..<end
    position = end
    return bytes[element]
  }

  /// The lines on which the elements of an array begin that has been read as a whole without a fault.
  /// - Parameter passed: told of the bytes of each element; what it throws ends the counting.
  public static func lines(of bytes: [UInt8], passed: (Int) throws -> Void) rethrows -> [Int] {
    var whole: [UInt8]? = bytes
    var elements = JSONElements(limit: .max) {
      defer { whole = nil }
      return whole
    }
    var lines: [Int] = []
    while let element = try? elements.next(), !element.isEmpty {
      lines.append(elements.elementLine)
      try passed(element.count)
    }
    return lines
  }

  /// A fault in the current element.
  public func fault(_ fault: JSONFault) -> JSONFileFault {
    var place = TextPlace(bytes[element], offset: fault.offset, firstLine: elementStart.line)
    if place.line == elementStart.line { place.column += elementStart.column - 1 }
    // What follows a value here should have been the end of the element.
    return JSONFileFault(
      place: place, problem: .json(fault.reason == .trailing ? .expectedCommaOrEnd : fault.reason))
  }
}

extension JSONElements {
  private func fault(_ reason: JSONFault.Reason) -> JSONFileFault {
    JSONFileFault(place: place(position), problem: .json(reason))
  }

  private func place(_ index: Int) -> TextPlace {
    var column = passed + 1
    for byte in bytes[lineStart..<max(lineStart, index)] where TextPlace.beginsCharacter(byte) { column += 1 }
    return TextPlace(line: line, column: column)
  }

  /// - Returns: false when the array is empty.
  private mutating func openArray() throws -> Bool {
    while bytes.count < TextStart.mark.count, try more() {}
    if bytes.starts(with: TextStart.mark) {
      position = TextStart.mark.count
      lineStart = position
    }
    try skipSpace()
    guard position < bytes.count else { throw fault(.empty) }
    guard bytes[position] == UInt8(ascii: "[") else { throw JSONFileFault(place: place(position), problem: .noArray) }
    position += 1
    try skipSpace()
    guard position < bytes.count else { throw fault(.expectedCommaOrEnd) }
    if bytes[position] == UInt8(ascii: "]") {
      position += 1
      _ = try finish()
      return false
    }
    if bytes[position] == UInt8(ascii: ",") { throw fault(.expectedValue) }
    return true
  }

  /// Makes sure that nothing but space follows.
  private mutating func finish() throws -> ArraySlice<UInt8>? {
    try skipSpace()
    if position < bytes.count { throw fault(.trailing) }
    stage = .end
    return nil
  }

  private mutating func skipSpace() throws {
    while true {
      while position < bytes.count {
        switch bytes[position] {
        case 0x0a:
          line += 1
          lineStart = position + 1
          passed = 0
        case 0x20, 0x09, 0x0d: break
        default: return
        }
        position += 1
      }
      guard try more() else { return }
    }
  }

  /// Finds the comma or bracket behind the element that begins at the position; the end of the file if it comes first.
  private mutating func elementEnd() throws -> Int {
    var index = position
    var depth = 0
    while true {
      while index < bytes.count {
        let byte = bytes[index]
        switch byte {
        case UInt8(ascii: "\""):
          index = try textEnd(index)
          continue
        case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "]") where depth == 0, UInt8(ascii: ",") where depth == 0:
          stage = .afterElement
          return index
        case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
        case 0x0a:
          line += 1
          lineStart = index + 1
          passed = 0
        default: break
        }
        index += 1
      }
      index -= position
      guard try more() else {
        stage = .cutOff
        return bytes.count
      }
      index += position
    }
  }

  /// The index behind the closing quote of the text that begins at `start`, or behind the last byte of the file.
  private mutating func textEnd(_ start: Int) throws -> Int {
    var index = start + 1
    while true {
      while index < bytes.count {
        let byte = bytes[index]
        if byte == UInt8(ascii: "\"") { return index + 1 }
        index += byte == UInt8(ascii: "\\") ? 2 : 1
      }
      index -= position
      guard try more() else { return bytes.count }
      index += position
    }
  }

  /// Forgets what lies before the position, and reads on; false at the end of the file.
  private mutating func more() throws -> Bool {
    if isAtEnd { return false }
    if bytes.count - position > limit {
      throw JSONFileFault(place: elementStart, problem: .elementTooLong(limit: limit))
    }
    if lineStart < position {
      for byte in bytes[lineStart..<position] where TextPlace.beginsCharacter(byte) { passed += 1 }
      lineStart = position
    }
    guard let chunk = try nextChunk() else {
      isAtEnd = true
      return false
    }
    if position == bytes.count { bytes = chunk } else { bytes = Array(bytes[position...]) + chunk }
    lineStart -= position
    position = 0
    return true
  }
}
