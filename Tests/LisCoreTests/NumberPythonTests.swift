import TestSupport
import Testing

@testable import LisCore

/// Compares 100,000 random calculations with Python's `decimal`, whose specification (General Decimal Arithmetic) is where the
/// rules for written digits come from.
@Suite struct NumberPythonTests {
  @Test func agreesWithPython() throws {
    var generator = SeededGenerator.announced("agreesWithPython")
    var questions: [String] = []
    var answers: [String] = []
    for _ in 0..<10_000 {
      let wide = Int.random(in: 0..<4, using: &generator) == 0
      let left = Decimal.random(digits: 1...38, scales: wide ? 0...255 : 0...30, using: &generator)
      let right = Decimal.random(digits: 1...38, scales: wide ? 0...255 : 0...30, using: &generator)
      let places = Int.random(in: -40...40, using: &generator)
      for operation in ["+", "-", "*", "/", "%", "compare"] {
        questions.append("\(operation) \(left) \(right)")
        answers.append(answer(operation, left, right))
      }
      questions.append("round \(left) \(places)")
      answers.append(answer { () throws(ArithmeticFault) in try left.rounded(to: places) })
      questions += ["floor \(left) 0", "ceil \(left) 0"]
      answers += [left.floor.description, left.ceiling.description]
      let written = NumberPythonTests.text(&generator)
      questions.append("text \(written) 0")
      answers.append(NumberPythonTests.read(written))
    }
    let output = try PythonProcess.run(
      script: NumberPythonTests.script, input: questions.joined(separator: "\n") + "\n")
    let expected = output.split(separator: "\n").map(String.init)
    try #require(expected.count == questions.count, "\(output.suffix(500))")
    for (question, (ours, theirs)) in zip(questions, zip(answers, expected)) where ours != theirs {
      Issue.record("\(question): lis \(ours), Python \(theirs)")
    }
  }

  /// A number as people write one, at times with more digits than fit, and with zeros where they do not count.
  private static func text(_ generator: inout SeededGenerator) -> String {
    func digits(_ count: ClosedRange<Int>, _ generator: inout SeededGenerator) -> String {
      var text = ""
      for _ in 0..<Int.random(in: count, using: &generator) {
        text += Bool.random(using: &generator) ? "0" : String(Int.random(in: 0...9, using: &generator))
      }
      return text
    }
    let sign = Bool.random(using: &generator) ? "-" : ""
    let whole = digits(1...24, &generator)
    let fraction = Bool.random(using: &generator) ? "." + digits(1...24, &generator) : ""
    return sign + whole + fraction
  }

  private static func read(_ text: String) -> String {
    do throws(NumberTextFault) { return try Decimal(parsing: text).description } catch {
      switch error {
      case .tooManyDigits: return "digits"
      case .tooManyDecimals: return "decimals"
      default: return "\(error)"
      }
    }
  }

  private func answer(_ operation: String, _ left: Decimal, _ right: Decimal) -> String {
    answer { () throws(ArithmeticFault) in
      switch operation {
      case "+": try left.adding(right)
      case "-": try left.subtracting(right)
      case "*": try left.multiplied(by: right)
      case "/": try left.divided(by: right)
      case "%": try left.remainder(dividingBy: right)
      default: Decimal(left.compare(right))
      }
    }
  }

  private func answer(_ calculate: () throws(ArithmeticFault) -> Decimal) -> String {
    do { return try calculate().description } catch { return "\(caseName(error))" }
  }

  private func caseName(_ fault: ArithmeticFault) -> String {
    switch fault {
    case .tooManyDigits: "digits"
    case .tooManyDecimals: "decimals"
    case .divisionByZero: "zero"
    }
  }

  /// Answers every question with enough precision to be exact, then applies the limits of `lis`.
  static let script = """
    import sys
    from decimal import *
    exact = Context(prec=1200, Emax=999999, Emin=-999999)
    long = Context(prec=38, Emax=999999, Emin=-999999)
    short = Context(prec=28, Emax=999999, Emin=-999999)
    def text(x):
        if x.is_zero(): x = abs(x)
        return format(x, 'f')
    def fit(x):
        sign, digits, exponent = x.as_tuple()
        if x.is_zero(): return text(Decimal((0, (0,), min(0, max(exponent, -255)))))
        digits = list(digits)
        if exponent > 0: digits += [0] * exponent; exponent = 0
        while exponent < 0 and digits[-1] == 0 and (len(digits) > 38 or exponent < -255): digits.pop(); exponent += 1
        if len(digits) > 38: return 'digits'
        if exponent < -255: return 'decimals'
        return text(Decimal((sign, digits, exponent)))
    def divide(a, b):
        if b.is_zero(): return 'zero'
        long.clear_flags()
        q = long.divide(a, b)
        if long.flags[Inexact]: q = short.divide(a, b)
        if a.is_zero(): q = Decimal((0, (0,), min(0, a.as_tuple()[2] - b.as_tuple()[2])))
        return fit(q)
    def rounded(a, places):
        if places >= -a.as_tuple()[2]: return text(a)
        return fit(a.quantize(Decimal((0, (1,), -places)), ROUND_HALF_UP, exact))
    out = []
    for line in sys.stdin.read().splitlines():
        op, a, b = line.split()
        a, b = Decimal(a), Decimal(b)
        if op == '+': out.append(fit(exact.add(a, b)))
        elif op == '-': out.append(fit(exact.subtract(a, b)))
        elif op == '*': out.append(fit(exact.multiply(a, b)))
        elif op == '/': out.append(divide(a, b))
        elif op == '%': out.append('zero' if b.is_zero() else text(exact.remainder(a, b)))
        elif op == 'floor': out.append(text(a.to_integral_value(ROUND_FLOOR, exact)))
        elif op == 'ceil': out.append(text(a.to_integral_value(ROUND_CEILING, exact)))
        elif op == 'text': out.append(fit(a))
        elif op == 'compare': out.append(str((a > b) - (a < b)))
        else: out.append(rounded(a, int(b)))
    print('\\n'.join(out))
    """
}
