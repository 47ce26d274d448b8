/// Where a text lies on a terminal of some width, by the rules that libedit draws by.
///
/// It serves one purpose: to find the row where the prompt begins when the terminal has changed its size, since
/// terminals fold the lines on the screen anew and libedit does not know where its cursor went.
struct ScreenLayout {
  let columns: Int
  private(set) var row = 0
  private(set) var column = 0
  /// Cells that a scalar takes.
  private let width: (Unicode.Scalar) -> Int

  init(columns: Int, width: @escaping (Unicode.Scalar) -> Int) {
    self.columns = max(2, columns)
    self.width = width
  }

  mutating func add(_ text: some Sequence<Unicode.Scalar>) {
    for scalar in text { add(scalar) }
  }

  private mutating func add(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\n": startRow()
    case "\t": repeat { occupy(1) } while column % 8 != 0
    default:
      let cells = max(0, width(scalar))
      // A wide character that does not fit leaves the last column empty.
      if column + cells > columns { startRow() }
      occupy(cells)
    }
  }

  private mutating func occupy(_ cells: Int) {
    column += cells
    if column >= columns { startRow() }
  }

  private mutating func startRow() {
    row += 1
    column = 0
  }
}
