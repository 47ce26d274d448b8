import LisCore
import LisSyntax

/// `match`: its arms in their order, each with a jump from every pattern that fits.
extension Lowering {
  func match(_ match: Match, into target: Int) {
    let subject = state.take()
    datum(of: match.subject, into: subject)
    let leave = code.label()
    for arm in match.arms {
      let body = code.label()
      let next = code.label()
      for pattern in arm.patterns { jumpIfMatch(subject, pattern, to: body) }
      if !arm.patterns.isEmpty { code.jump(.jump, 0, to: next) }
      code.place(body)
      expression(arm.body, into: target)
      code.jump(.jump, 0, to: leave)
      code.place(next)
    }
    mark(match.subject.span)
    code.emit(.fail, x: 0, subject)
    code.place(leave)
  }

  private func jumpIfMatch(_ subject: Int, _ pattern: Expression, to body: Assembler.Label) {
    let top = state.top
    let value = operand(pattern)
    mark(pattern.span)
    if case .binary(.range, _, _, _) = pattern.kind {
      let verdict = state.take()
      code.emit(.test, x: Int(Test.fits.rawValue), verdict, subject, value)
      code.jump(.jumpIfTrue, verdict, to: body)
    } else {
      code.jump(.jumpIfEqual, subject, value, lenient: true, to: body)
    }
    state.top = top
  }
}
