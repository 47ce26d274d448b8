/// What is wrong, where, and what to do: one type for every pass, from the lexer to faults of a running program.
public struct Diagnostic: Sendable {
  public enum Severity: String, Sendable {
    case error, warning, note
  }

  /// A stretch of a source with a remark. The primary label is where the trouble is; others are what it has to do with.
  public struct Label: Sendable {
    public var span: Span
    /// May be empty, when the place alone says enough.
    public var text: String
    public var isPrimary: Bool
    public var source: SourceText

    public init(span: Span, text: String, isPrimary: Bool, source: SourceText) {
      self.span = span
      self.text = text
      self.isPrimary = isPrimary
      self.source = source
    }
  }

  public var severity: Severity
  /// `LIS0007`: stable, so that it can be searched for. Syntax has LIS0001 to LIS0099.
  public var code: String
  public var message: String
  public var labels: [Label]
  public var hints: [String]

  public init(severity: Severity, code: String, message: String, labels: [Label] = [], hints: [String] = []) {
    self.severity = severity
    self.code = code
    self.message = message
    self.labels = labels
    self.hints = hints
  }

  /// The label that says where the trouble is: the primary one, else the first.
  public var primaryLabel: Label? { labels.first { $0.isPrimary } ?? labels.first }
}
