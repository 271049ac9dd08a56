import Casebook
import Testing

@Suite("Bounded patterns")
struct PatternTests {
  @Test(
    "of ordinary codes and hosts are accepted and hold for the whole text",
    arguments: [
      ("[A-Z]{2,4}\\d{2,3}", "AZ77", "xAZ77x"), ("az77(-vip)?\\.example", "AZ77-vip.example", "az"),
      ("(?:win|bet)\\d+", "bet2024", "betting"), ("РУБИН\\d{0,3}", "рубин100", "рубин1000"),
      ("a|b|", "b", "ab"), ("[^0-9]+x", "aax", "a1x"),
      ("mirror-\\w{1,8}\\.example", "mirror-a1.example", "mirror-.example"),
      ("^kino$", "KINO", "kino\n"),
    ]
  )
  func good(_ pattern: String, _ match: String, _ other: String) throws {
    let pattern = try BoundedPattern(pattern)
    #expect(pattern.matches(match))
    #expect(!pattern.matches(other))
  }

  @Test(
    "that could run for ever, or are none, are refused with a reason",
    arguments: [
      "(a+)+b", "(a*)*", "(a|a)*b", "(.*)(.*)(.*)x", "\\w+\\w+\\w+!", "(a|aa)+$",
      "((a{0,9}){0,9}){0,9}",
      "(?=a)b", "(?<!a)b", "(a)\\1", "\\p{L}", "[", "[]", "(", ")", "a)", "*a", "a**", "a{3,1}",
      "a{1,999}", "{2}", "\\", "", "[[a]]", "(?i)a", "\\Qa\\E", "^*",
    ]
  )
  func bad(_ pattern: String) {
    #expect { try BoundedPattern(pattern) } throws: { error in
      (error as? CasebookError)?.code == .invalidValue
        && (error as? CasebookError)?.message.contains("is refused: ") == true
    }
  }

  @Test("as long as they may be still match in little time")
  func cost() throws {
    let pattern = try BoundedPattern("[a-z]+[a-z]+!")
    let text = String(repeating: "a", count: BoundedPattern.longestText)
    let clock = ContinuousClock()
    let time = clock.measure { for _ in 0..<100 { #expect(!pattern.matches(text)) } }
    #expect(time < .seconds(20))
    #expect(!pattern.matches(text + text))
    #expect(throws: CasebookError.self) {
      try BoundedPattern(String(repeating: "a", count: BoundedPattern.longestPattern + 1))
    }
  }
}
