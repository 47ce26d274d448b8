import LisSchema
import LisSyntax

/// What a statement does with records of a portal, as far as its text says so.
public struct PortalUse: Sendable {
  public enum Kind: Sendable, Hashable { case reads, writes }

  public var kind: Kind
  /// The plural name of the object type.
  public var object: String
  /// The word or clause that does it.
  public var span: Span
}

extension Compiler.Analysis {
  /// What the program's own text reads and writes when it runs, in the order of the text: the first place for each.
  /// Functions that nothing calls are left out, and so are those of modules and of earlier entries of a prompt.
  ///
  /// A write to rows of which the text does not tell the type counts only when the program has one type in all.
  public var portalUses: [PortalUse] {
    let reached = Set(reachedFunctions.map { ObjectIdentifier($0) })
    let only = reachedObjects.count == 1 ? reachedObjects.first : nil
    var search = UseSearch(only: only) { function in
      guard let symbol = resolver.resolution.functions[function.id] else { return true }
      return reached.contains(ObjectIdentifier(symbol))
    }
    for node in program.nodes(withTests: false) { search.look(at: node) }
    return search.uses
  }
}

private struct UseSearch {
  let only: String?
  let isReached: (Function) -> Bool
  private(set) var uses: [PortalUse] = []
  private var seen: Set<String> = []

  init(only: String?, isReached: @escaping (Function) -> Bool) {
    self.only = only
    self.isReached = isReached
  }

  mutating func look(at node: SyntaxNode) {
    switch node {
    case .function(let function) where !isReached(function): return
    case .pipeline(let pipeline): note(pipeline)
    case .create(let create): note(.writes, ObjectNames.plural(create.object), create.span)
    case .upsert(let upsert): note(.writes, ObjectNames.plural(upsert.object), upsert.span)
    default: break
    }
    for child in node.children { look(at: child) }
  }

  /// The rows of a `find` stay records of its type until a stage makes others of them.
  private mutating func note(_ pipeline: Pipeline) {
    var object = only
    if case .find(let find) = pipeline.source {
      object = ObjectNames.plural(find.object)
      note(.reads, object, find.span)
    }
    for stage in pipeline.stages {
      switch stage.kind {
      // Records are read again before they are changed.
      case .update:
        note(.reads, object, stage.head)
        note(.writes, object, stage.head)
      case .archive: note(.writes, object, stage.head)
      case .where, .take, .skip, .sort, .distinct, .save, .each: break
      default: object = only
      }
    }
  }

  private mutating func note(_ kind: PortalUse.Kind, _ object: String?, _ span: Span) {
    guard let object, seen.insert("\(kind) \(object)").inserted else { return }
    uses.append(PortalUse(kind: kind, object: object, span: span))
  }
}

extension ObjectNames {
  fileprivate static func plural(_ name: Name?) -> String { plural(name?.text ?? lineItems) }
}
