import LisRuntime

/// Keeps what a test prints until its result is known, so that it stands below the name of the test.
final class HeldConsole: Console {
  private enum Piece {
    case out([UInt8])
    case note(String)
  }

  private let console: any Console
  private var pieces: [Piece] = []
  private var bytes = 0
  /// A test that prints more is shown from there on as it prints.
  private static let mostBytes = 16 << 20
  private var isFull: Bool { bytes > HeldConsole.mostBytes }

  init(_ console: any Console) { self.console = console }

  func out(_ bytes: [UInt8]) { keep(.out(bytes), bytes.count) }
  func note(_ text: String) { keep(.note(text), text.utf8.count) }
  func status(_ text: String?) { console.status(text) }

  private func keep(_ piece: Piece, _ count: Int) {
    if isFull { return show(piece) }
    bytes += count
    pieces.append(piece)
    if isFull { showAll() }
  }

  /// Shows what was kept; what comes next belongs to the next test.
  func release() {
    showAll()
    bytes = 0
  }

  private func showAll() {
    for piece in pieces { show(piece) }
    pieces = []
  }

  private func show(_ piece: Piece) {
    switch piece {
    case .out(let bytes): console.out(bytes)
    case .note(let text): console.note(text)
    }
  }

  var outIsTerminal: Bool { console.outIsTerminal }
  var noteIsTerminal: Bool { console.noteIsTerminal }
  var width: Int { console.width }
  var usesColor: Bool { console.usesColor }
  var outProblem: String? { console.outProblem }
}
