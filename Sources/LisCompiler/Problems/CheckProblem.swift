import LisSyntax

/// What can be wrong with a program whose form is right. Messages and hints are made from the data here and nowhere else.
public enum CheckProblem: Sendable, Hashable {
  // Names
  case unknownName(String, suggestion: String?)
  case unknownFunction(String, suggestion: String?)
  case duplicateName(String, first: Span)
  case duplicateKey(String, first: Span)
  /// Two columns of a `select` or `group by`, or a column and an entry of the record.
  case columnTwice(String, first: Span)
  case entryLikeColumn(String, first: Span)
  case fieldWithoutRow(String)
  case rowWithoutRow
  case assignToFixed(String, kind: String, declared: Span?)
  case assignInRow(String)
  case functionAsValue(String)
  case writingFunctionAsValue(String)
  case unknownType(String, suggestion: String?)
  case unknownObject(String, suggestion: String?)
  case notAFunction(String)
  // Calls
  /// - isStage: the rows in front of it are an argument as well, and not counted.
  case tooManyArguments(function: String, most: Int, given: Int, signature: String, isStage: Bool)
  /// - taken: the last stage of an argument, whose list goes on behind the comma.
  case missingArgument(function: String, parameter: String, signature: String, taken: String?)
  /// A stage without a parameter for the rows in front of it.
  case takesNoRows(function: String)
  /// Only calls by name know the parameters.
  case namedThroughValue(String)
  case unknownArgument(function: String, name: String, suggestion: String?)
  case argumentTwice(function: String, name: String)
  case positionalAfterNamed(function: String)
  case needsRows(function: String, found: String)
  // Effects
  case writeInPureFunction(verb: String, function: String)
  case callWritesInPureFunction(callee: String, function: String)
  case writeInRow(verb: String)
  case writeInLambda(verb: String)
  case actsInRow(name: String)
  case outsideLoop(String)
  case outsideFunction
  case outsideTest(String)
  // Properties and types
  case unknownProperty(String, object: String, suggestion: String?, schemaAge: String?)
  case readOnlyProperty(String, calculated: Bool)
  case notAnOption(String, property: String, options: [String], suggestion: String?)
  case wrongType(property: String, expected: String, found: String, written: String?)
  case cannotCompare(String, String, property: String?, written: String?)
  /// The second is nil for a sign before one operand.
  case cannotCalculate(verb: String, String, String?)
  case conditionNotBool(String)
  case wrongArgumentType(function: String, parameter: String, expected: String, found: String)
  case associationOnlyInWhere(String)
  case associationWithNothing(String)
  case needsAll
  case idWritten
  // Writes
  case keyNotInRecord(String)
  /// A stage behind one that ends a pipeline.
  case nothingFlows(out: String, into: String)
  case planWritesNothing
  case planGoesOn
  case applyInPlan
  /// `apply!`, or a function that uses it, in a loop that collects its own writes.
  case applyInLoop(callee: String)
  case unknownMember(String, of: String, suggestion: String?, known: [String])
  case wrongIndex(String)
  case wrongCount(stage: String, written: String)
  /// A `match` over the options of a property has no arm for some.
  case optionsNotMatched([String], property: String?)
  // Groups and reading
  case notGrouped(String)
  case nothingSent(InlineObstacle?, isHere: Bool)
  case notExplainable
  // Modules and tests
  case module(ModuleProblem)
  case moduleCycle([String])
  case modulesTooDeep(limit: Int)
  case moduleNeedsName(String)
  case namedLikeModule(String)
  case moduleAsValue(String)
  case notAModule(String)
  case privateName(String, module: String)
  case notInModule(String, module: String, suggestion: String?, names: [String])
  /// At the top level of a module, or of a file whose tests are run.
  case onlyDeclares(String, isTest: Bool)
  case actsWhenLoaded(String, isTest: Bool)
  case callActsInRow(name: String, word: String)
  case callAssignsInRow(name: String, variable: String)
  // Limits of one function
  case functionTooLarge(what: String)
  /// A number or a duration that no value can hold.
  case literalNotHeld(kind: String, reason: String)
}

extension CheckProblem {
  var code: String {
    switch self {
    case .unknownName: "LIS0101"
    case .unknownFunction: "LIS0102"
    case .duplicateName: "LIS0103"
    case .duplicateKey, .columnTwice, .entryLikeColumn: "LIS0104"
    case .fieldWithoutRow, .rowWithoutRow: "LIS0105"
    case .assignToFixed: "LIS0106"
    case .assignInRow: "LIS0107"
    case .functionAsValue, .writingFunctionAsValue: "LIS0108"
    case .unknownType: "LIS0109"
    case .unknownObject: "LIS0110"
    case .notAFunction: "LIS0111"
    case .tooManyArguments, .takesNoRows: "LIS0120"
    case .missingArgument: "LIS0121"
    case .unknownArgument, .namedThroughValue: "LIS0122"
    case .argumentTwice: "LIS0123"
    case .positionalAfterNamed: "LIS0124"
    case .needsRows, .nothingFlows: "LIS0125"
    case .writeInPureFunction: "LIS0130"
    case .callWritesInPureFunction: "LIS0131"
    case .writeInRow, .writeInLambda: "LIS0132"
    case .actsInRow: "LIS0133"
    case .outsideLoop, .outsideFunction, .outsideTest: "LIS0134"
    case .unknownProperty: "LIS0140"
    case .readOnlyProperty: "LIS0141"
    case .notAnOption: "LIS0142"
    case .wrongType: "LIS0143"
    case .cannotCompare: "LIS0144"
    case .cannotCalculate: "LIS0145"
    case .conditionNotBool: "LIS0146"
    case .wrongArgumentType: "LIS0147"
    case .associationOnlyInWhere, .associationWithNothing: "LIS0148"
    case .needsAll: "LIS0149"
    case .idWritten: "LIS0150"
    case .unknownMember: "LIS0155"
    case .wrongIndex: "LIS0156"
    case .wrongCount: "LIS0158"
    case .optionsNotMatched: "LIS0157"
    case .notGrouped: "LIS0191"
    case .nothingSent: "LIS0192"
    case .notExplainable: "LIS0193"
    case .functionTooLarge: "LIS0160"
    case .keyNotInRecord: "LIS0165"
    case .planWritesNothing: "LIS0166"
    case .planGoesOn: "LIS0167"
    case .applyInPlan: "LIS0168"
    case .applyInLoop: "LIS0169"
    case .literalNotHeld: "LIS0161"
    case .module: "LIS0170"
    case .moduleCycle, .modulesTooDeep: "LIS0171"
    case .onlyDeclares: "LIS0172"
    case .actsWhenLoaded: "LIS0173"
    case .privateName: "LIS0174"
    case .notInModule: "LIS0175"
    case .moduleAsValue, .notAModule: "LIS0176"
    case .moduleNeedsName, .namedLikeModule: "LIS0177"
    case .callActsInRow, .callAssignsInRow: "LIS0133"
    }
  }

  var message: String {
    switch self {
    case .unknownName(let name, _): "unknown name `\(name)`"
    case .unknownFunction(let name, _): "unknown function `\(name)`"
    case .duplicateName(let name, _): "`\(name)` is declared twice in the same block"
    case .duplicateKey(let key, _): "the key `\(key)` stands twice in this record"
    case .columnTwice(let name, _): "two columns are called `\(name)`"
    case .entryLikeColumn(let name, _): "the entry `\(name)` is called like a column of the group"
    case .fieldWithoutRow(let name): "`.\(name)` stands where there is no row"
    case .rowWithoutRow: "`.` stands where there is no row"
    case .assignToFixed(let name, let kind, _): "`\(name)` is \(kind) and cannot be assigned"
    case .assignInRow(let name): "`\(name)` cannot be assigned in an expression on rows"
    case .functionAsValue(let name): "`\(name)` is a function of lis itself and no value"
    case .writingFunctionAsValue(let name): "`\(name)` writes and is no value"
    case .unknownType(let name, _): "unknown type `\(name)`"
    case .unknownObject(let name, _): "unknown object type `\(name)`"
    case .notAFunction(let name): "`\(name)` is not a function"
    case .tooManyArguments(let function, let most, let given, _, let isStage):
      "`\(function)` takes \(most == 0 ? "no arguments" : "at most \(plural(most, "argument"))")\(isStage ? " beside the rows" : ""), and \(given) \(given == 1 ? "is" : "are") given"
    case .takesNoRows(let function): "`\(function)` has no parameter for the rows in front of it"
    case .namedThroughValue(let name): "`\(name)` is called through a value, where arguments have no names"
    case .missingArgument(let function, let parameter, _, _): "`\(function)` needs its argument `\(parameter)`"
    case .unknownArgument(let function, let name, _): "`\(function)` has no parameter `\(name)`"
    case .argumentTwice(let function, let name): "`\(name)` is given twice to `\(function)`"
    case .positionalAfterNamed: "an argument without a name follows one with a name"
    case .needsRows(let function, let found): "`\(function)` needs rows, and this is a \(found)"
    case .writeInPureFunction(let verb, let function):
      "`\(verb)` writes, but the name of `\(function)` does not end in `!`"
    case .callWritesInPureFunction(let callee, let function):
      "`\(callee)` writes, but the name of `\(function)` does not end in `!`"
    case .writeInRow(let verb): "`\(verb)` cannot stand in an expression on rows"
    case .writeInLambda(let verb): "`\(verb)` cannot stand in a function without a name"
    case .actsInRow(let name): "`\(name)` cannot be used in an expression on rows"
    case .outsideLoop(let word): "`\(word)` stands outside of a loop"
    case .outsideFunction: "`return` stands outside of a function"
    case .outsideTest(let word): "`\(word)` stands outside of a test"
    case .unknownProperty(let name, let object, _, _): "`\(object)` have no property `\(name)`"
    case .readOnlyProperty(let name, let calculated):
      calculated ? "`\(name)` is calculated by HubSpot and cannot be written" : "`\(name)` is read-only in HubSpot"
    case .notAnOption(let value, let property, _, _): "`\(value)` is not an option of `\(property)`"
    case .wrongType(let property, let expected, let found, _): "`\(property)` is a \(expected), and this is a \(found)"
    case .cannotCompare(let left, let right, _, _): "a \(left) is compared with a \(right)"
    case .cannotCalculate(let verb, let left, let right):
      "cannot \(verb) a \(left)\(right.map { " and a \($0)" } ?? "")"
    case .nothingFlows(let stage, let next): "nothing comes out of `\(stage)`, so `\(next)` has no rows"
    case .conditionNotBool(let found): "a condition must be true or false, and this is a \(found)"
    case .wrongArgumentType(let function, let parameter, let expected, let found):
      "`\(parameter)` of `\(function)` is a \(expected), and this is a \(found)"
    case .associationWithNothing(let name):
      "`.\(name) == null` cannot be asked: HubSpot finds records by what they are linked to"
    case .associationOnlyInWhere(let name): "`.\(name)` can only be a condition of its own in the `where` of a `find`"
    case .needsAll: "this `find` would read every record"
    case .idWritten: "`id` belongs to the record and cannot be written"
    case .keyNotInRecord(let key): "the key `\(key)` is not in the record"
    case .planWritesNothing: "`plan` stands in front of a pipeline that writes nothing"
    case .planGoesOn: "a plan ends with what writes: it sends nothing, so there is no report for another stage"
    case .applyInPlan: "`apply!` carries out a plan and cannot be planned itself"
    case .applyInLoop("apply!"): "`apply!` stands in a loop, whose writes are one statement and sent at its end"
    case .applyInLoop(let callee):
      "`\(callee)` uses `apply!`, and stands in a loop, whose writes are one statement and sent at its end"
    case .unknownMember(let name, let kind, _, _): "a \(kind) has no `\(name)`"
    case .wrongIndex(let found): "an index must be a whole number, and this is a \(found)"
    case .wrongCount(let stage, let written): "`\(stage)` needs a whole number from 0 on, and this is \(written)"
    case .optionsNotMatched(let missing, let property):
      "no arm of this `match` takes \(CheckProblem.listed(missing))\(property.map { " of `\($0)`" } ?? "")"
    case .notGrouped(let name): "`.\(name)` differs from row to row of a group"
    case .nothingSent: "nothing of this condition can be asked of HubSpot, so every record would be read"
    case .notExplainable: "`explain` needs a pipeline that starts with `find`, or the name of one"
    case .module(.unknownLibrary(let name, _)): "there is no library module `\(name)`"
    case .module(.unreadable(let name, let reason, _)): "the module `\(name)` cannot be read: \(reason)"
    case .moduleCycle(let names): "modules use each other in a circle: \(names.joined(separator: " uses "))"
    case .modulesTooDeep(let limit): "modules use each other more than \(limit) deep"
    case .moduleNeedsName(let name): "`\(name)` cannot be the name of a module"
    case .namedLikeModule(let name): "`\(name)` already is a module here"
    case .moduleAsValue(let name): "`\(name)` is a module and no value"
    case .notAModule(let name): "`\(name)` is no module"
    case .privateName(let name, let module): "`\(name)` is private to the module `\(module)`"
    case .notInModule(let name, let module, _, _): "the module `\(module)` has no `\(name)`"
    case .onlyDeclares(let what, let isTest):
      "\(what) cannot stand at the top level of \(isTest ? "a file whose tests are run" : "a module")"
    case .actsWhenLoaded(let word, let isTest):
      "\(isTest ? "a file whose tests are run" : "a module") does nothing when it is loaded, and `\(word)` would"
    case .callActsInRow(let name, let word): "`\(name)` uses `\(word)`, which cannot be used in an expression on rows"
    case .callAssignsInRow(let name, let variable):
      "`\(name)` assigns `\(variable)`, which lies outside of it, and cannot be used in an expression on rows"
    case .functionTooLarge(let what): "this function has too many \(what)"
    case .literalNotHeld(let kind, let reason): "this \(kind) cannot be held exactly: \(reason)"
    }
  }

  /// What the mark under the source says.
  var label: String {
    switch self {
    case .unknownName, .unknownFunction, .unknownType, .unknownObject: "not known here"
    case .duplicateName, .duplicateKey, .columnTwice, .entryLikeColumn: "the second one"
    case .fieldWithoutRow, .rowWithoutRow: "no row here"
    case .assignToFixed, .assignInRow: "assigned here"
    case .writeInPureFunction, .writeInRow, .writeInLambda: "writes"
    case .module, .moduleCycle, .modulesTooDeep: "used here"
    case .privateName, .notInModule: "not for use here"
    case .callWritesInPureFunction: "may write"
    case .unknownProperty: "no such property"
    case .unknownMember: "not known here"
    case .optionsNotMatched(let missing, _):
      missing.count == 1 ? "one option is left" : "\(missing.count) options are left"
    case .readOnlyProperty, .idWritten: "cannot be written"
    case .notAnOption: "not an option"
    case .wrongType(_, _, let found, _): "a \(found)"
    case .needsAll: "all records"
    case .notGrouped: "no column of the group"
    case .nothingSent: "decided here alone"
    default: ""
    }
  }

  var second: (span: Span, text: String)? {
    switch self {
    case .duplicateName(_, let first), .duplicateKey(_, let first), .columnTwice(_, let first),
      .entryLikeColumn(_, let first):
      (first, "the first one")
    case .assignToFixed(_, _, let declared): declared.map { ($0, "declared here") }
    case .nothingSent(let obstacle?, isHere: true): (obstacle.span, obstacle.label)
    default: nil
    }
  }

  var hints: [String] {
    switch self {
    case .unknownName(_, let suggestion), .unknownFunction(_, let suggestion), .unknownType(_, let suggestion),
      .unknownObject(_, let suggestion), .unknownArgument(_, _, let suggestion):
      return suggestion.map { ["did you mean `\($0)`?"] } ?? []
    case .fieldWithoutRow(let name):
      return ["a field needs the row it belongs to: `row.\(name)`, or a stage such as `| map .\(name)`"]
    case .assignToFixed(_, let kind, _):
      return kind == "a constant" ? ["declare it with `var` if it has to change"] : []
    case .assignInRow: return ["expressions on rows may run any number of times; use `each` for actions"]
    case .functionAsValue(let name): return ["write `x => \(name)(x)`"]
    case .writingFunctionAsValue(let name): return ["call it where it is wanted: `\(name)(…)`"]
    case .missingArgument(let function, _, _, let taken?):
      return [
        "what stands behind the comma belongs to `\(taken)`; brackets end it: `\(function)((… | \(taken) …), …)`"
      ]
    case .tooManyArguments(_, _, _, let signature, _), .missingArgument(_, _, let signature, nil):
      return ["it is `\(signature)`"]
    case .takesNoRows(let function):
      return ["call it by itself, `\(function)()`, or give it a parameter for the rows: `fn \(function)(rows)`"]
    case .namedThroughValue: return ["give them in the order of its parameters, without names"]
    case .columnTwice(let name, _): return ["give one of them another name: `other_\(name): …`"]
    case .entryLikeColumn(let name, _):
      return ["the columns are part of the result already; leave it out, or give it another name: `other_\(name): …`"]
    case .applyInLoop:
      return ["take the `apply!` out of the loop; one plan may hold the writes of many rows"]
    case .positionalAfterNamed: return ["give the arguments without names first"]
    case .needsRows: return ["rows are a list, a stream, a range or one record"]
    case .writeInPureFunction(_, let function), .callWritesInPureFunction(_, let function):
      return ["call it `\(function)!`, here and wherever it is used"]
    case .writeInRow: return ["writing belongs in a stage of its own, or in `each { … }`"]
    case .writeInLambda: return ["declare a function whose name ends in `!`, and call it by that name"]
    case .actsInRow: return ["expressions on rows may run any number of times; use `each { … }`"]
    case .unknownProperty(_, _, let suggestion, let age):
      var hints = suggestion.map { ["did you mean `\($0)`?"] } ?? []
      if let age { hints.append("the list of properties was read \(age); `lis schema pull` reads it again") }
      return hints
    case .readOnlyProperty: return ["leave it out of the record"]
    case .notAnOption(_, _, let options, let suggestion):
      if let suggestion { return ["did you mean `\(suggestion)`?"] }
      return options.isEmpty
        ? [] : ["options: \(options.prefix(12).joined(separator: ", "))\(options.count > 12 ? ", …" : "")"]
    case .wrongType(_, "number", "string", let written?) where CheckProblem.isNumeric(written):
      return ["write the number without quotes: \(written)"]
    case .wrongType(_, let expected, _, _): return CheckProblem.conversion(to: expected)
    case .cannotCompare("stream", _, _, _), .cannotCompare(_, "stream", _, _), .cannotCalculate(_, "stream", _),
      .cannotCalculate(_, _, "stream"):
      return ["`list(…)` reads a stream into a list"]
    case .cannotCompare("number", "string", _, let written?) where CheckProblem.isNumeric(written):
      return ["write the number without quotes: \(written)"]
    case .cannotCompare(let left, "string", _, _): return CheckProblem.conversion(to: left)
    case .wrongArgumentType(_, _, let expected, let found) where found == "string" || expected == "string":
      return CheckProblem.conversion(to: expected)
    case .nothingFlows(let stage, let next):
      return ["keep the rows first: `let rows = list(…)`, then `rows | \(stage) …` and `rows | \(next) …`"]
    case .cannotCalculate("add", "string", "number"), .cannotCalculate("add", "number", "string"):
      return ["put the number into the text with \"${…}\""]
    case .conditionNotBool("fn"):
      return ["call it with what it is to decide about, such as `fits(.)` or `fits(.price)`"]
    case .conditionNotBool: return ["compare it with something: `… != null`, `… > 0`"]
    case .associationWithNothing(let name):
      return ["name what they are linked to: `.\(name) == id`, or `.\(name) in [id, id]`"]
    case .associationOnlyInWhere(let name):
      return [
        "for example `find where .\(name) == id and …`",
        "for those that are not linked: `let linked = list(find where .\(name) == id | map .id)`, then `.id not in linked`",
      ]
    case .keyNotInRecord(let key):
      return ["an `upsert` writes the property it finds records by: `upsert by \(key) { \(key): …, … }`"]
    case .planWritesNothing:
      return ["leave `plan` away, or end with `update`, `create`, `upsert`, `archive` or `associate`"]
    case .planGoesOn: return ["what it would change is in `p.changes`, where `p` is the plan"]
    case .applyInPlan: return ["give the plan itself a name, and `apply!(…)` it where it is meant"]
    case .needsAll: return ["say `find all` if that is meant"]
    case .unknownMember(_, _, let suggestion, let known):
      return [suggestion.map { "did you mean `\($0)`?" } ?? "it has \(known.joined(separator: ", "))"]
    case .optionsNotMatched: return ["add an arm for each, or `_ => …` for everything else"]
    case .nothingSent(let obstacle, _):
      return (obstacle.map { [$0.hint] } ?? []) + [
        "say `find all … where …` if that is meant, or add a condition that compares a property with a value"
      ]
    case .notExplainable: return ["for example `explain(find where .price > 100)`"]
    case .notGrouped(let name):
      return [
        "take one value of all rows, such as `sum(.\(name))` or `first().\(name)`, or name `.\(name)` behind `group by`"
      ]
    case .module(.unknownLibrary(let name, let known)):
      if let near = Spelling.suggestion(for: name, among: known) { return ["did you mean `\(near)`?"] }
      return known.isEmpty
        ? []
        : ["library modules: \(known.joined(separator: ", ")); a file is named by its path: `use \"./\(name).lis\"`"]
    case .module(.unreadable(_, _, let hint)): return hint.map { [$0] } ?? []
    case .moduleCycle: return ["move what both need into a module of its own"]
    case .moduleNeedsName: return ["give it one: `use \"…\" as name`"]
    case .namedLikeModule(let name): return ["give the module another name: `use … as other_\(name)`"]
    case .moduleAsValue(let name): return ["use what it declares: `\(name).something`"]
    case .notAModule: return ["`use` brings a module in"]
    case .privateName(let name, _):
      return ["names that begin with `_` are for the module alone; call it `\(name.drop { $0 == "_" })` to share it"]
    case .notInModule(_, let module, let suggestion, let names):
      if let suggestion { return ["did you mean `\(module).\(suggestion)`?"] }
      return names.isEmpty ? [] : ["it has \(names.prefix(12).joined(separator: ", "))\(names.count > 12 ? ", …" : "")"]
    case .onlyDeclares(_, let isTest):
      return [
        isTest
          ? "`use`, `let`, `fn`, `param` and `test` may; move the rest into a script of its own"
          : "`use`, `let`, `fn` and `test` may; put it into a function"
      ]
    case .actsWhenLoaded: return ["put it into a function, and call that where it is wanted"]
    case .callActsInRow, .callAssignsInRow: return ["expressions on rows may run any number of times; use `each { … }`"]
    case .functionTooLarge: return ["split it into smaller functions"]
    default: return []
    }
  }

  private static func conversion(to type: String) -> [String] {
    switch type {
    case "number": ["`number(…)` turns text into a number"]
    case "date": ["a date is written `@2026-01-31`"]
    case "datetime": ["a datetime is written `@2026-01-31T10:00:00Z`"]
    case "string": ["`\"${…}\"` makes a text of it"]
    default: []
    }
  }

  /// "`a`, `b` and `c`", or the first few of many.
  private static func listed(_ texts: [String]) -> String {
    let shown = texts.prefix(8).map { "`\($0)`" }
    if texts.count > 8 { return shown.joined(separator: ", ") + " and \(texts.count - 8) more" }
    return shown.count < 2 ? shown.joined() : shown.dropLast().joined(separator: ", ") + " and " + (shown.last ?? "")
  }

  private static func isNumeric(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { ($0 >= 48 && $0 <= 57) || $0 == 46 } && text.filter { $0 == "." }.count <= 1
  }

  private func plural(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }

  /// The diagnostic for this problem at a place.
  func diagnostic(_ span: Span, in source: SourceText) -> Diagnostic {
    var labels = [Diagnostic.Label(span: span, text: label, isPrimary: true, source: source)]
    if let second {
      labels.append(Diagnostic.Label(span: second.span, text: second.text, isPrimary: false, source: source))
    }
    return Diagnostic(severity: .error, code: code, message: message, labels: labels, hints: hints)
  }
}
