/// What became of one input of a batch.
public enum BatchOutcome: Sendable, Hashable {
  /// Done; the record as the server answered it. An archived record is answered by nothing, so it holds its id alone.
  case succeeded(CRMObject)
  /// Refused, for this reason.
  case failed(RecordFailure)
  /// The reply says nothing about this input that can be relied on. It may have been done, merged with another, or
  /// lost.
  case unaccounted
}

/// Why an input was refused.
public struct RecordFailure: Sendable, Hashable {
  /// For example `VALIDATION_ERROR` or `OBJECT_NOT_FOUND`.
  public var category: String?
  /// A finer name within the category, when the server gives one.
  public var subCategory: String?
  /// The server's text, at most 2,000 characters.
  public var message: String
  /// One entry per thing wrong with the input.
  public var details: [APIErrorDetail]
  /// What the failure is about, for example `ids` or `objectWriteTraceId`.
  public var context: [String: [String]]
  /// False when the server did not say which inputs it refused, and this one was merely left without another
  /// explanation. A create that failed like this should be treated as unknown.
  public var isAttributed: Bool

  public init(
    category: String? = nil, subCategory: String? = nil, message: String = "", details: [APIErrorDetail] = [],
    context: [String: [String]] = [:], isAttributed: Bool = true
  ) {
    self.category = category
    self.subCategory = subCategory
    self.message = message
    self.details = details
    self.context = context
    self.isAttributed = isAttributed
  }

  /// There is no such record.
  public var isNotFound: Bool { category == "OBJECT_NOT_FOUND" }
}

/// What became of a batch: one outcome for every input, in the order of the inputs.
public struct BatchResult: Sendable, Hashable {
  /// As many as there were inputs, in their order.
  public let outcomes: [BatchOutcome]
  /// Records of the reply that belong to no input for certain.
  public let unmatched: [CRMObject]
  /// Errors of the reply that name no input of the batch.
  public let unattributed: [RecordFailure]

  /// The records of the inputs that were done, in the order of the inputs.
  public var succeeded: [CRMObject] {
    outcomes.compactMap { if case .succeeded(let object) = $0 { object } else { nil } }
  }

  /// The reasons of the inputs that were refused, in the order of the inputs.
  public var failures: [RecordFailure] {
    outcomes.compactMap { if case .failed(let failure) = $0 { failure } else { nil } }
  }

  /// How many inputs the reply does not account for. More than none is to be reported, never passed over.
  public var unaccountedCount: Int { outcomes.count { $0 == .unaccounted } }
}
