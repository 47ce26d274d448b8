import CLineEdit

/// What the keys of the shell do. Each command answers how libedit goes on.
extension LineEditor {
  func run(_ command: cledit_command) -> cledit_outcome {
    switch command {
    case CLEDIT_ENTER: enter()
    case CLEDIT_NEWLINE: continueOnNewLine()
    case CLEDIT_INTERRUPT: interrupt()
    case CLEDIT_INTERRUPTED: finishInterrupted()
    case CLEDIT_END: end()
    case CLEDIT_UP: up()
    case CLEDIT_DOWN: down()
    case CLEDIT_SEARCH: search()
    case CLEDIT_PASTE: paste()
    case CLEDIT_SUSPEND: suspendAndGoOn()
    default: CLEDIT_BEEP
    }
  }

  private func enter() -> cledit_outcome {
    let text = buffer.text.withoutBlankEnd
    if !text.isEmpty && rules.needsMoreInput(text) { return continueOnNewLine() }
    outcome = .entry(text)
    push(CLEDIT_STEP_FINISH)
    return CLEDIT_NOTHING
  }

  private func continueOnNewLine() -> cledit_outcome {
    let buffer = buffer
    let before = String(String.UnicodeScalarView(buffer.scalars[..<buffer.cursor]))
    return insert(("\n" + Indentation.after(before)).unicodeScalars) ? CLEDIT_REFRESH : CLEDIT_BEEP
  }

  /// Draws the cursor at the end first, so that `^C` and the next prompt come below the whole entry.
  private func interrupt() -> cledit_outcome {
    let buffer = buffer
    outcome = .interrupted(wasEmpty: buffer.scalars.isEmpty)
    moveCursor(by: buffer.scalars.count - buffer.cursor)
    push(CLEDIT_STEP_INTERRUPTED)
    return CLEDIT_MOVE_CURSOR
  }

  private func finishInterrupted() -> cledit_outcome {
    draw("^C")
    push(CLEDIT_STEP_FINISH)
    return CLEDIT_NOTHING
  }

  private func end() -> cledit_outcome {
    if buffer.scalars.isEmpty {
      outcome = .end
      return CLEDIT_LEAVE
    }
    push(CLEDIT_STEP_DELETE)
    return CLEDIT_NOTHING
  }

  private func suspendAndGoOn() -> cledit_outcome {
    suspend()
    return CLEDIT_NOTHING
  }
}

// MARK: Lines and history

extension LineEditor {
  private func up() -> cledit_outcome {
    let buffer = buffer
    let lineStart = buffer.lineStart(of: buffer.cursor)
    if lineStart == 0 { return show(walk.previous(from: buffer.text)) }
    let previousStart = buffer.lineStart(of: lineStart - 1)
    let target = min(previousStart + buffer.cursor - lineStart, lineStart - 1)
    moveCursor(by: target - buffer.cursor)
    return CLEDIT_MOVE_CURSOR
  }

  private func down() -> cledit_outcome {
    let buffer = buffer
    guard let lineEnd = buffer.scalars[buffer.cursor...].firstIndex(of: "\n") else { return show(walk.next()) }
    let column = buffer.cursor - buffer.lineStart(of: buffer.cursor)
    let nextStart = lineEnd + 1
    let nextEnd = buffer.scalars[nextStart...].firstIndex(of: "\n") ?? buffer.scalars.count
    moveCursor(by: min(nextStart + column, nextEnd) - buffer.cursor)
    return CLEDIT_MOVE_CURSOR
  }

  private func search() -> cledit_outcome { show(walk.previousContaining(buffer.text)) }

  private func show(_ text: String?) -> cledit_outcome {
    guard let text else { return CLEDIT_BEEP }
    return replace(by: text) ? CLEDIT_REFRESH : CLEDIT_REFRESH_AND_BEEP
  }
}

// MARK: Paste

extension LineEditor {
  /// Scalars that one paste may hold. More belongs in a file.
  private static let pasteLimit = 1 << 20

  private func paste() -> cledit_outcome {
    var pasted = PastedText(limit: Self.pasteLimit)
    while true {
      guard let scalar = nextScalar(readingAhead: true) else { return CLEDIT_LEAVE }
      if pasted.take(scalar) { break }
    }
    if pasted.isTooLong { return CLEDIT_BEEP }
    return insert(pasted.cleaned) ? CLEDIT_REFRESH : CLEDIT_BEEP
  }
}

extension LineEditor.Buffer {
  /// Where the line begins that the position is in.
  fileprivate func lineStart(of position: Int) -> Int {
    scalars[..<position].lastIndex(of: "\n").map { $0 + 1 } ?? 0
  }
}

extension String {
  /// The text without spaces, tabs and line ends at its end.
  var withoutBlankEnd: String {
    var scalars = Substring(self).unicodeScalars
    while let last = scalars.last, last == " " || last == "\n" || last == "\t" || last == "\r" { scalars.removeLast() }
    return String(scalars)
  }
}
