/// Rows whose fields are known before the first of them is read, since the file names its columns. Elsewhere a field
/// that is missing is null, but a program that misspells a column would then clear a property in every record.
struct SourceOfRows {
  var name: String
  /// The shape of the columns; nil where each row says itself which fields it has.
  var columns: UInt32?
}

/// Whether records of one shape have all columns of one source.
struct WholeRows {
  var shape: UInt32
  var source: UInt32
  var isWhole: Bool
}

extension Machine {
  /// Whether a record has all the columns of the file that it came from, as rows do that were read or that only got
  /// more fields. Records with a choice of the columns are like any others.
  @inline(never) func isRowOfColumns(_ record: Value) -> Bool {
    let origin = record.record.pointee.origin
    guard origin.isFile, let columns = sources[Int(origin.source) - 1].columns else { return false }
    let shape = record.header.pointee.extra
    if shape == columns { return true }
    if let last = lastWhole, last.shape == shape, last.source == origin.source { return last.isWhole }
    let slots = heap.shapes.shapes[Int(shape)].slots
    let isWhole = heap.shapes.shapes[Int(columns)].names.allSatisfy { slots[$0] != nil }
    lastWhole = WholeRows(shape: shape, source: origin.source, isWhole: isWhole)
    return isWhole
  }

  /// Always false, as the answer of a slow path that ends the run.
  @inline(never) func noColumn(_ name: String, _ record: Value) -> Bool {
    let place = source(of: record)
    pending = .noColumn(name: name, fields: fieldNames(record), file: place?.file ?? "", line: place?.line ?? 0)
    return false
  }
}
