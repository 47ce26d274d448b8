/// Comparison without regard to case by full case folding (Unicode Standard, section 3.13, rules C and F of
/// CaseFolding.txt), which is the same in every language: ß, ẞ and SS are equal, ς, σ and Σ too; the Turkish İ is i with
/// a dot above, and ı is a letter of its own.
///
/// The standard's signs that only stand in for letters of ASCII are left as they are: the Kelvin sign, the long ſ and the
/// joined ﬀ to ﬆ. Nobody means them by `k`, `s` or `fi`, and a server need not know them: a text of ASCII can be asked of
/// it as it is, unless it has an `ss`.
public enum CaseFolding {
  /// Appends what a code point folds to: itself nearly always, at most three others.
  ///
  /// The standard library knows which code points change when they are folded, but not into what. It is what their
  /// upper-case form becomes when those of its code points that folding changes are put into lower case.
  static func append(_ scalar: Unicode.Scalar, to folded: inout [Unicode.Scalar]) {
    if scalar.isASCII {
      let isUpper = scalar.value >= 65 && scalar.value <= 90
      folded.append(isUpper ? Unicode.Scalar(UInt8(scalar.value) | 32) : scalar)
      return
    }
    guard changes(scalar), !standsIn(scalar) else {
      folded.append(scalar)
      return
    }
    // First into lower case: ẞ has no other upper-case form.
    for lower in scalar.properties.lowercaseMapping.unicodeScalars {
      for upper in lower.properties.uppercaseMapping.unicodeScalars {
        if upper.properties.changesWhenCaseFolded {
          folded.append(contentsOf: upper.properties.lowercaseMapping.unicodeScalars)
        } else {
          folded.append(upper)
        }
      }
    }
  }

  /// Whether folding may change a code point. The property is about its decomposed form, and so leaves out some small
  /// letters with accents that fold into a letter and its accents: ǰ, ΐ, ΰ, ẖ to ẙ, and those of old Greek.
  private static func changes(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x1f0, 0x390, 0x3b0, 0x1e96...0x1e99, 0x1f50...0x1fff: true
    default: scalar.properties.changesWhenCaseFolded
    }
  }

  /// Whether a sign beyond ASCII folds into ASCII alone and is no letter of any language today.
  private static func standsIn(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x17f, 0x212a, 0xfb00...0xfb06: true
    default: false
    }
  }

  /// For patterns, which read one code point at a time: the folded one where it is one, else the lower-case one where
  /// that is one, so that ẞ is ß there and not SS.
  static func single(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if !scalar.isASCII, !changes(scalar) || standsIn(scalar) { return scalar }
    var folded: [Unicode.Scalar] = []
    append(scalar, to: &folded)
    if folded.count == 1 { return folded[0] }
    let lower = scalar.properties.lowercaseMapping.unicodeScalars
    return lower.count == 1 ? lower.first ?? scalar : scalar
  }

  /// Whether only texts of ASCII are equal to this one without regard to case. A server that knows upper and lower case
  /// of ASCII alone then misses none of them. Beyond ASCII there is ß for ss.
  public static func isWithinASCII(_ text: String) -> Bool {
    var previous: UInt8 = 0
    for byte in text.utf8 {
      guard byte < 0x80 else { return false }
      let letter = byte | 0x20
      if letter == UInt8(ascii: "s"), previous == letter { return false }
      previous = letter
    }
    return true
  }
}
