import FoundationEssentials
import LisSchema

/// Why a file of schemas cannot be used.
public enum SchemaFileProblem: Error, Sendable {
  case unreadable(path: String)
  case noSchema(path: String, reason: String)

  public var message: String {
    switch self {
    case .unreadable(let path): "the schema file `\(path)` cannot be read"
    case .noSchema(let path, let reason): "`\(path)` is no schema file as `lis schema pull --out` writes it: \(reason)"
    }
  }
}

/// Schemas in a file of the user's own, so that scripts can be checked and tested where there is no portal: a list of
/// object types with their properties, as JSON.
public enum SchemaFile {
  public static func read(_ path: String) throws(SchemaFileProblem) -> PortalSchema {
    guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable(path: path) }
    do {
      let objects = try JSONDecoder().decode([ObjectSchema].self, from: data)
      return PortalSchema(objects: Dictionary(objects.map { ($0.object, $0) }) { _, last in last })
    } catch let error as DecodingError {
      throw .noSchema(path: path, reason: reason(error))
    } catch {
      throw .noSchema(path: path, reason: "\(error)")
    }
  }

  private static func reason(_ error: DecodingError) -> String {
    func place(_ context: DecodingError.Context) -> String {
      let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
      return path.isEmpty ? "" : " at \(path.joined(separator: "."))"
    }
    switch error {
    case .keyNotFound(let key, let context): return "`\(key.stringValue)` is missing\(place(context))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "a value of the wrong kind\(place(context))"
    case .dataCorrupted: return "it is not JSON"
    @unknown default: return "\(error)"
    }
  }

  public static func text(_ schemas: [ObjectSchema]) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    return ((try? encoder.encode(schemas)).map { Array($0) } ?? []) + [UInt8(ascii: "\n")]
  }
}
