import LisCompiler
import LisCore
import LisEngine
import LisSchema

/// `explain(…)` and `lis explain`.
extension Session {
  /// A `find` with the values its condition was given.
  func explanation(_ description: FindDescription, _ operands: [Value]) throws -> String {
    let explanation = try connected().explain(
      description, operands: operands, extraFields: mentionedFields(description.object))
    return ExplainText.lines(explanation).joined(separator: "\n")
  }

  /// What a name holds, with the stages that stand behind the name.
  func explanation(of value: Value, stages: Value) throws -> String {
    let texts = (stages.items ?? []).compactMap(\.string)
    guard var explanation = try Engine.explanation(of: value, machine) else {
      throw FaultKind.raised(
        message:
          "this \(value.type.rawValue) is not a `find` whose way can be told: give `explain` the pipeline itself, as in `explain(find where …)`"
      )
    }
    explanation.stages += texts
    return ExplainText.lines(explanation).joined(separator: "\n")
  }

  /// What an explaining run does not come to, since it has no rows, is told of as it is written.
  func explainTheRest() {
    for (number, find) in compiler.descriptions.finds.enumerated()
    where find.isReached && !explainedFinds.contains(number) {
      console.out("\(find.place.file):\(find.place.line)\n\(ExplainText.unreached(find).joined(separator: "\n"))\n\n")
    }
  }

  /// Fields that programs read of rows held in names.
  func mentionedFields(_ object: String) -> Set<String> {
    let mentioned = compiler.environment.mentionedFields
    return (mentioned[object] ?? []).union(mentioned[Environment.anyObject] ?? [])
  }
}
