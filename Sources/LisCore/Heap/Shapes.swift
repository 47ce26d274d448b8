import Glibc

/// The fields of a record, in their order. Records of one form share a shape, so a field is found by comparing one
/// number and reading one slot, and a record of n fields costs 16 + 8n bytes.
final class Shape {
  let id: UInt32
  let parent: Shape?
  /// The last field's name; -1 for the empty shape.
  let name: Int
  let count: Int
  /// Children by the name of the field they add.
  var children: [Int: Shape] = [:]
  /// Names in order; made when first asked for.
  private(set) lazy var names: [Int] = {
    var names: [Int] = []
    var shape: Shape? = self
    while let current = shape, current.name >= 0 {
      names.append(current.name)
      shape = current.parent
    }
    return names.reversed()
  }()
  /// Slot by name; made when first asked for, since most shapes on the way to a full one are never looked into.
  private(set) lazy var slots: [Int: Int] = Dictionary(
    uniqueKeysWithValues: names.enumerated().map { ($0.element, $0.offset) })

  init(id: UInt32, parent: Shape?, name: Int, count: Int) {
    self.id = id
    self.parent = parent
    self.name = name
    self.count = count
  }

  func forgetChildren() { children = [:] }

  /// Walks up instead of asking `slots`, which would cost a dictionary for every shape on the way to a large one. For
  /// shapes of many fields there is `NamesOfShape`.
  func contains(_ wanted: Int) -> Bool {
    var shape: Shape? = self
    while let current = shape, current.name >= 0 {
      if current.name == wanted { return true }
      shape = current.parent
    }
    return false
  }
}

/// A text that equals another one only byte for byte, as texts of the language do. Swift's own strings are also equal
/// when they are merely canonically equivalent.
struct ExactText: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (left: ExactText, right: ExactText) -> Bool {
    var left = left.text
    var right = right.text
    return left.withUTF8 { left in
      right.withUTF8 { right in
        guard left.count == right.count, let start = left.baseAddress, let other = right.baseAddress else {
          return left.count == right.count
        }
        return memcmp(start, other, left.count) == 0
      }
    }
  }

  func hash(into hasher: inout Hasher) {
    var copy = text
    copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// The names of the shape that was asked about last. The next question is nearly always about one a little larger, so
/// that an object of n new keys costs n steps and not n², whatever the keys are.
struct NamesOfShape {
  private var shape: Shape?
  private var names: Set<Int> = []
  /// A smaller shape is quicker looked through.
  private static let small = 32

  /// Whether the shape has a field of that name.
  mutating func contains(_ name: Int, in wanted: Shape) -> Bool {
    if wanted.count <= NamesOfShape.small { return wanted.contains(name) }
    let known = shape?.count ?? 0
    var current = wanted
    var more: [Int] = []
    while current.count > known, let parent = current.parent {
      more.append(current.name)
      current = parent
    }
    if current !== shape {
      names.removeAll(keepingCapacity: true)
      more = wanted.names
    }
    names.formUnion(more)
    shape = wanted
    return names.contains(name)
  }
}

/// A key that followed a shape the last time, as a bet that the next object looks the same.
struct KeyBet {
  /// The key's bytes and its closing quote.
  var bytes: UnsafeMutablePointer<UInt8>?
  var count = 0
  var child: UInt32 = 0

  /// Objects inside objects all start from the empty shape, so that one bet would lose each time.
  static let perShape = 4

  @inline(__always) func holds(_ p: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Bool {
    guard let bytes, end - p >= count else { return false }
    return memcmp(p, bytes, count) == 0
  }
}

/// Names and shapes of one machine.
final class ShapeTable {
  private(set) var names: [String] = []
  private var nameIDs: [ExactText: Int] = [:]
  /// By name: whether some shape has it, so that a name that is new to all needs no looking for.
  private var isUsed: [Bool] = []
  private(set) var shapes: [Shape] = []
  let empty: Shape
  /// Field counts by shape id, for the collector.
  private(set) var counts: UnsafeMutablePointer<UInt32>
  /// `KeyBet.perShape` bets by shape id, for the JSON reader; no reference is counted on its way from key to key.
  private(set) var bets: UnsafeMutablePointer<KeyBet>
  private var capacity = 1024

  init() {
    counts = .allocate(capacity: capacity)
    bets = ShapeTable.emptyBets(capacity)
    empty = Shape(id: 0, parent: nil, name: -1, count: 0)
    shapes.append(empty)
    counts[0] = 0
  }

  deinit {
    counts.deallocate()
    for index in 0..<(shapes.count * KeyBet.perShape) { bets[index].bytes?.deallocate() }
    bets.deallocate()
    // Shapes know their parents and parents their children.
    for shape in shapes { shape.forgetChildren() }
  }

  func name(_ text: String) -> Int {
    if let id = nameIDs[ExactText(text)] { return id }
    names.append(text)
    isUsed.append(false)
    nameIDs[ExactText(text)] = names.count - 1
    return names.count - 1
  }

  /// The number of a name that some shape or program has used; asking does not add it.
  func known(_ text: String) -> Int? { nameIDs[ExactText(text)] }

  /// The shape with one field more, or nil when the field is there already.
  /// - Parameter names: where the names of large shapes are kept from one question to the next.
  func child(of shape: Shape, adding name: Int, remembering names: inout NamesOfShape) -> Shape? {
    if let child = shape.children[name] { return child }
    if isUsed[name], names.contains(name, in: shape) { return nil }
    return child(of: shape, addingNew: name)
  }

  /// The shape with one field more, which `shape` does not have.
  func child(of shape: Shape, addingNew name: Int) -> Shape {
    if let child = shape.children[name] { return child }
    isUsed[name] = true
    let child = Shape(id: UInt32(shapes.count), parent: shape, name: name, count: shape.count + 1)
    if shapes.count == capacity { grow() }
    counts[shapes.count] = UInt32(child.count)
    shapes.append(child)
    shape.children[name] = child
    return child
  }

  /// The shape with exactly these fields; a name given twice counts once.
  func shape(_ fields: [Int]) -> Shape {
    var names = NamesOfShape()
    return fields.reduce(empty) { child(of: $0, adding: $1, remembering: &names) ?? $0 }
  }

  private func grow() {
    let larger = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity * 2)
    larger.update(from: counts, count: capacity)
    counts.deallocate()
    counts = larger
    let moreBets = ShapeTable.emptyBets(capacity * 2)
    moreBets.update(from: bets, count: capacity * KeyBet.perShape)
    bets.deallocate()
    bets = moreBets
    capacity *= 2
  }

  private static func emptyBets(_ shapes: Int) -> UnsafeMutablePointer<KeyBet> {
    let bets = UnsafeMutablePointer<KeyBet>.allocate(capacity: shapes * KeyBet.perShape)
    bets.initialize(repeating: KeyBet(), count: shapes * KeyBet.perShape)
    return bets
  }

  /// Remembers that `key`, with its closing quote, led from one shape to another. It becomes the first bet; the one
  /// that has waited longest goes.
  func bet(_ key: UnsafeBufferPointer<UInt8>, from shape: Int, to child: UInt32) {
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: key.count)
    if let start = key.baseAddress { copy.update(from: start, count: key.count) }
    let first = bets + shape * KeyBet.perShape
    first[KeyBet.perShape - 1].bytes?.deallocate()
    for place in (1..<KeyBet.perShape).reversed() { first[place] = first[place - 1] }
    first.pointee = KeyBet(bytes: copy, count: key.count, child: child)
  }
}
