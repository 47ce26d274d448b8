import LisCore
import LisSchema

/// How many rows one reading of a `find` may still take. A condition that turns out to match a hundred thousand records
/// is more often a slip than a wish, and `find all` says that it is none.
final class ReadBudget {
  private let limit: Int
  private let description: FindDescription
  private var count = 0

  init(limit: Int, description: FindDescription) {
    self.limit = limit
    self.description = description
  }

  /// The same budget for another reading.
  func begun() -> ReadBudget { ReadBudget(limit: limit, description: description) }

  /// - Parameter total: what the first page of a search says of the rest. With a `take` behind it, only what is read counts.
  func expect(_ total: Int) throws {
    guard total > limit, !description.isBounded else { return }
    throw EngineError.readLimit(object: description.object, expected: total, limit: limit, place: description.place)
  }

  func take(_ rows: Int) throws {
    count += rows
    guard count > limit else { return }
    throw EngineError.readLimit(object: description.object, expected: nil, limit: limit, place: description.place)
  }
}
