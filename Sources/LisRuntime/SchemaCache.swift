import FoundationEssentials
import Glibc
import LisSchema

/// Schemas on disk, one file for each object type of a portal, so that a script can be checked without a request.
public struct SchemaCache {
  /// Worked out when a schema is asked for: most short scripts ask for none.
  private let folder: () -> String
  /// How long a cached schema is held against a program before the portal is asked again. Milliseconds.
  static let freshness = 15 * 60_000

  /// - Parameter folder: made when something is stored.
  public init(folder: @autoclosure @escaping () -> String) { self.folder = folder }

  private func path(_ object: String) -> String { "\(folder())/\(object).json" }

  /// What is known of some object types, however old.
  public func schema(_ objects: Set<String>) -> PortalSchema {
    var schema = PortalSchema()
    for object in objects { schema.objects[object] = load(object) }
    return schema
  }

  /// The schemas of all the given types, if all of them are known and none is old.
  func fresh(_ objects: Set<String>, now: Int) -> PortalSchema? {
    guard !objects.isEmpty else { return nil }
    let schema = schema(objects)
    let isFresh = objects.allSatisfy { object in
      guard let readAt = schema.objects[object]?.readAt else { return false }
      return now - readAt < SchemaCache.freshness && readAt <= now + SchemaCache.freshness
    }
    return isFresh ? schema : nil
  }

  /// A file that cannot be read is as good as none: the portal is asked.
  private func load(_ object: String) -> ObjectSchema? {
    guard let data = FileManager.default.contents(atPath: path(object)) else { return nil }
    return try? JSONDecoder().decode(ObjectSchema.self, from: data)
  }

  /// A cache that cannot be written costs a request next time and nothing else.
  func store(_ schema: ObjectSchema) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(schema) else { return }
    try? FileManager.default.createDirectory(atPath: folder(), withIntermediateDirectories: true)
    let temporary = path(schema.object) + ".\(getpid())"
    guard FileManager.default.createFile(atPath: temporary, contents: data) else { return }
    if rename(temporary, path(schema.object)) != 0 { unlink(temporary) }
  }
}
