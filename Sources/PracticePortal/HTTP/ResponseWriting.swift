import HTTPTypes
import Hummingbird
import ServiceLifecycle

/// Makes the response of an answer, with the headers that every one has and the faults of the wire.
struct ResponseWriting {
  let connection: Connection
  let struck: [StruckFault]
  private var headers = HTTPFields()

  init(connection: Connection, struck: [StruckFault]) {
    self.connection = connection
    self.struck = struck
  }

  /// Without correlation id and faults.
  static func plain(_ answer: Answer) -> Response {
    var headers = HTTPFields()
    Self.add(answer, to: &headers)
    let body = answer.body.map { ResponseBody(byteBuffer: ByteBuffer(bytes: $0)) } ?? ResponseBody()
    return Response(status: .init(code: answer.status), headers: headers, body: body)
  }

  mutating func add(_ standing: RateLimiter.Standing?) {
    guard let standing else { return }
    headers[.rateLimitMax] = String(standing.max)
    headers[.rateLimitRemaining] = String(standing.remaining)
    headers[.rateLimitInterval] = String(standing.intervalMilliseconds)
    guard let daily = standing.daily else { return }
    headers[.rateLimitDaily] = String(daily.max)
    headers[.rateLimitDailyRemaining] = String(daily.remaining)
  }

  private static func add(_ answer: Answer, to headers: inout HTTPFields) {
    for (name, value) in answer.headers { headers.append(HTTPField(name: .named(name), value: value)) }
    if answer.body != nil { headers[.contentType] = answer.contentType }
  }

  func response(_ answer: Answer, correlationId: String) -> Response {
    var headers = headers
    headers[.correlationId] = correlationId
    Self.add(answer, to: &headers)
    for one in struck {
      if case .lyingHeaders(let lie) = one.fault { Self.falsify(&headers, lie) }
      if case .hugeHeader(let bytes) = one.fault {
        headers[.practicePadding] = String(repeating: "x", count: bytes)
      }
    }
    guard let bytes = answer.body else { return Response(status: .init(code: answer.status), headers: headers) }
    let wrong = struck.lazy.compactMap { wireBody($0.fault, bytes) }.first
    return Response(
      status: .init(code: answer.status), headers: headers,
      body: wrong ?? ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  private static func falsify(_ headers: inout HTTPFields, _ lie: Fault.Lie) {
    let numbers: (max: String, left: String) =
      switch lie {
      case .plenty: ("1000000", "999999")
      case .nothing: ("100", "0")
      case .garbage: ("-1", "plenty")
      }
    headers[.rateLimitMax] = numbers.max
    headers[.rateLimitRemaining] = numbers.left
    headers[.rateLimitInterval] = lie == .garbage ? "0" : "10000"
    headers[.rateLimitDaily] = numbers.max
    headers[.rateLimitDailyRemaining] = numbers.left
  }

  // MARK: Bodies that go wrong

  private static let chunk = 65_536

  private func wireBody(_ fault: Fault, _ body: [UInt8]) -> ResponseBody? {
    switch fault {
    case .truncate: ResponseBody(byteBuffer: ByteBuffer(bytes: body.prefix(body.count / 2)))
    case .deep(let levels): ResponseBody(byteBuffer: Self.deep(levels))
    case .cut: cut(body)
    case .drip(let milliseconds): drip(body, pause: .milliseconds(milliseconds))
    case .big(let bytes): padded(body, to: max(bytes, body.count))
    case .endless: padded(body, to: nil)
    default: nil
    }
  }

  private static func deep(_ levels: Int) -> ByteBuffer {
    var buffer = ByteBuffer(string: #"{"results":"#)
    buffer.writeRepeatingByte(UInt8(ascii: "["), count: levels)
    buffer.writeRepeatingByte(UInt8(ascii: "]"), count: levels)
    buffer.writeString("}")
    return buffer
  }

  private func cut(_ body: [UInt8]) -> ResponseBody {
    let connection = connection
    return ResponseBody(contentLength: max(body.count, 1)) { writer in
      try await writer.write(ByteBuffer(bytes: body.prefix(body.count / 2)))
      await connection.close()
    }
  }

  /// The pause is the fault itself; a server that stops does not wait for the rest.
  private func drip(_ body: [UInt8], pause: Duration) -> ResponseBody {
    let connection = connection
    return ResponseBody(contentLength: body.count) { writer in
      for byte in body {
        if Task.isShuttingDownGracefully { return await connection.close() }
        try await writer.write(ByteBuffer(bytes: [byte]))
        try await Task.sleep(for: pause)
      }
      try await writer.finish(nil)
    }
  }

  /// The answer and blanks behind it, written as fast as they are taken.
  /// - Parameter length: `nil` goes on until the client ends the connection.
  private func padded(_ body: [UInt8], to length: Int?) -> ResponseBody {
    let connection = connection
    let blanks = ByteBuffer(repeating: UInt8(ascii: " "), count: Self.chunk)
    return ResponseBody(contentLength: length) { writer in
      try await writer.write(ByteBuffer(bytes: body))
      var left = (length ?? Int.max) - body.count
      while left > 0 {
        if Task.isShuttingDownGracefully { return await connection.close() }
        let part = blanks.getSlice(at: 0, length: min(left, Self.chunk)) ?? blanks
        try await writer.write(part)
        if length != nil { left -= part.readableBytes }
      }
      try await writer.finish(nil)
    }
  }
}

extension HTTPField.Name {
  fileprivate static let correlationId = named("X-HubSpot-Correlation-Id")
  fileprivate static let rateLimitMax = named("X-HubSpot-RateLimit-Max")
  fileprivate static let rateLimitRemaining = named("X-HubSpot-RateLimit-Remaining")
  fileprivate static let rateLimitInterval = named("X-HubSpot-RateLimit-Interval-Milliseconds")
  fileprivate static let rateLimitDaily = named("X-HubSpot-RateLimit-Daily")
  fileprivate static let rateLimitDailyRemaining = named("X-HubSpot-RateLimit-Daily-Remaining")
  fileprivate static let practicePadding = named("X-Practice-Padding")
}
