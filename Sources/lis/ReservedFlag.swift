import ArgumentParser

/// The flags that lis takes for itself wherever a script runs: no parameter of a script is named like one. The options
/// take their names from here, so that a flag which nothing else knows cannot be declared by accident; a test compares
/// both.
enum ReservedFlag: String, CaseIterable {
  case portal, format, color, quiet, diagnostics, tz
  case readLimit = "read-limit"
  case readOnly = "read-only"
  case noFiles = "no-files"
  case timeLimit = "time-limit"
  case logFormat = "log-format"
  case record, replay, metrics
  case apply, yes
  case expectChanges = "expect-changes"
  case maxChanges = "max-changes"
  /// The parser's own.
  case help, version

  /// As it is written: `--read-limit`.
  static let all = Set(allCases.map { "--" + $0.rawValue })
}

extension NameSpecification {
  static func flag(_ flag: ReservedFlag) -> NameSpecification { .customLong(flag.rawValue) }
}
