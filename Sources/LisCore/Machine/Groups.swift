/// Numbers of groups by their keys. Keys that are equal in the language are one group, null included.
public final class GroupKeys {
  private var numbers: [ExactText: Int] = [:]
  /// What is told apart by its address must stay, or the address could come back as something else.
  private var keepers: [Machine.Keeper] = []

  public init() {}

  /// The number of a key's group, counted from 0 in order of first appearance.
  public func number(of key: Value, in machine: Machine) -> (number: Int, isNew: Bool) {
    let (text, hasIdentity) = machine.keyAndIdentity(of: key)
    let exact = ExactText(text)
    if let number = numbers[exact] { return (number, false) }
    let number = numbers.count
    numbers[exact] = number
    if hasIdentity { keepers.append(machine.keep(key)) }
    return (number, true)
  }
}

/// Lists that code under construction fills and that no program sees yet.
extension Machine {
  public func push(_ value: Value, to list: Value) {
    guard list.has(Tag.list) else { return }
    heap.push(list.list, value)
  }

  public func replaceItem(_ index: Int, of list: Value, by value: Value) {
    guard list.has(Tag.list), index >= 0, index < list.list.pointee.count else { return }
    list.list.pointee.buffer.pointee.items[index] = value
  }
}
