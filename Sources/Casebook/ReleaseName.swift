/// What the name of a leak's file says: a claim of whoever named it, not a fact.
///
/// Reads names as the scene writes them, `Movie.2019.HDCAM.SITE.x264-GROUP`, and as Russian sites
/// do, `Фильм (2024) TS [группа]`. What stands before the first year or tag is the title; known tags
/// are told by a vocabulary; what follows the last hyphen behind the tags, or stands in the last
/// brackets, is the group. What the name does not say is nil.
public struct ReleaseName: Sendable, Hashable {
  /// Name of the film.
  public var title: String?
  /// Year of the film.
  public var year: Int?
  /// How it was taken, such as `CAM`, `HDCAM`, `TS` or `WEB-DL`; see ``ReleaseTags/sources``.
  public var source: String?
  /// Who released it.
  public var group: String?
  /// Language of the sound: a code of ISO 639-1, several with `+`, `multi` or `dub`.
  public var language: String?
  /// Lines of the picture with `p` or `i`, such as `1080p`.
  public var resolution: String?
  /// The site that it was offered on.
  public var site: String?

  /// A name that says nothing.
  public init() {}

  /// Reads the name of a file; of a path, its last component.
  ///
  /// Bytes that are not UTF-8 are repaired.
  public init(fileName: [UInt8]) {
    let last = fileName.split(separator: UInt8(ascii: "/")).last ?? []
    self.init(String(decoding: last.prefix(Self.longestName), as: UTF8.self))
  }

  /// Longest name that is read, in bytes; file systems have 255.
  static let longestName = 1024

  /// Reads a name, with or without its extension.
  public init(_ name: String) {
    var tokens = Tokens(Self.withoutExtension(name))
    site = tokens.takeSite()
    readTags(&tokens)
    readTitle(tokens)
    readGroup(tokens)
  }

  /// How much the name says: the more, the rather it is believed.
  public var fieldCount: Int {
    [
      title != nil, year != nil, source != nil, group != nil, language != nil, resolution != nil,
      site != nil,
    ].count { $0 }
  }

  private static func withoutExtension(_ name: String) -> String {
    guard let dot = name.lastIndex(of: "."),
      ReleaseTags.extensions.contains(name[name.index(after: dot)...].lowercased())
    else { return name }
    return String(name[..<dot])
  }

  // MARK: Reading

  private mutating func readTags(_ tokens: inout Tokens) {
    var languages: [String] = []
    var years: [Int] = []
    for index in tokens.words.indices {
      let word = tokens.words[index]
      let hasTag = tokens.words[..<index].contains(where: \.isTag)
      if Self.year(word.text) != nil {
        years.append(index)
        continue
      }
      // Two words make some tags: WEB DL, HD CAM, TS Rip.
      let next = index + 1 < tokens.words.count ? tokens.words[index + 1].text : ""
      if let tag = ReleaseTags.source(word.text, next), !tokens.words[index].isTag {
        if source == nil { source = tag.name }
        tokens.mark(index, tag.wordCount)
      } else if let lines = ReleaseTags.resolution(word.text) {
        resolution = resolution ?? lines
        tokens.mark(index, 1)
      } else if index > 0,
        let found = ReleaseTags.language(word.text, behindTitle: hasTag || !years.isEmpty)
      {
        if !languages.contains(found) { languages.append(found) }
        tokens.mark(index, 1)
      } else if index > 0, ReleaseTags.isOther(word.text) || (hasTag && Self.isDigits(word.text)) {
        // Digits behind tags are what is left of H.264 and DD5.1.
        tokens.mark(index, 1)
      }
    }
    if !languages.isEmpty { language = languages.sorted().joined(separator: "+") }
    // The last year before the first tag: "2012.2009.TS" is the film 2012 of the year 2009.
    let firstTag = tokens.words.firstIndex(where: \.isTag) ?? tokens.words.count
    let place = years.last { $0 < firstTag && $0 > 0 } ?? years.first { $0 > firstTag }
    if let place {
      year = Self.year(tokens.words[place].text)
      tokens.mark(place, 1)
    }
  }

  private mutating func readTitle(_ tokens: Tokens) {
    let words = tokens.words.prefix { !$0.isTag }
    // A title in brackets of its own is rare; brackets before any tag are remarks.
    let plain = words.filter { $0.bracket == nil }
    let text = (plain.isEmpty ? Array(words) : Array(plain)).map(\.text).joined(separator: " ")
    // Both names of a film, "Дюна / Dune": the first one.
    let first = text.split(separator: "/").first.map(String.init) ?? text
    let trimmed = first.trimming { $0.isWhitespace || "-_.,".contains($0) }
    if !trimmed.isEmpty, tokens.words.contains(where: \.isTag) { title = trimmed }
  }

  private mutating func readGroup(_ tokens: Tokens) {
    guard let firstTag = tokens.words.firstIndex(where: \.isTag) else { return }
    let rest = tokens.words[firstTag...].filter { !$0.isTag }
    var used: [String] = []
    if let place = Self.groupPlace(tokens.words[firstTag...]) {
      used = tokens.words[place...].filter { $0.bracket == nil }.map(\.text)
      group = used.joined(separator: " ")
    } else if let bracket = rest.last?.bracket {
      used = rest.filter { $0.bracket == bracket }.map(\.text)
      group = used.joined(separator: " ")
    } else if let announced = ReleaseTags.announcedGroup(rest.map(\.text)) {
      (group, used) = (announced.group, announced.words)
    }
    let leftOver = rest.first { !used.contains($0.text) && $0.bracket == nil }?.text
    if group == nil {
      // A lone word behind the tags without a hyphen is a site or a group; nobody can tell.
      group = leftOver
    } else {
      site = site ?? leftOver
    }
    if let host = group, HostName.of(host) != nil, site == nil { site = host }
  }

  /// Where the words behind the last hyphen start, if nothing but brackets follows them.
  private static func groupPlace(_ words: ArraySlice<Tokens.Word>) -> Int? {
    guard
      let place = words.lastIndex(where: { $0.followsHyphen && !$0.isTag && $0.bracket == nil }),
      words[place...].allSatisfy({ !$0.isTag })
    else { return nil }
    return place
  }

  private static func isDigits(_ text: String) -> Bool {
    text.utf8.count <= 3 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  private static func year(_ text: String) -> Int? {
    guard text.utf8.count == 4, let number = Int(text), (1895...2099).contains(number) else {
      return nil
    }
    return number
  }
}

extension String {
  /// Without the characters at both ends that `isTrimmed`.
  fileprivate func trimming(_ isTrimmed: (Character) -> Bool) -> String {
    var rest = Substring(self)
    while let first = rest.first, isTrimmed(first) { rest.removeFirst() }
    while let last = rest.last, isTrimmed(last) { rest.removeLast() }
    return String(rest)
  }
}

/// The words of a name, with what stands around them.
struct Tokens {
  struct Word {
    var text: String
    /// Number of the brackets that it stands in; nil outside.
    var bracket: Int?
    /// Whether a hyphen joins it to the word before.
    var followsHyphen = false
    /// Whether it is known to be a tag or the year.
    var isTag = false
  }

  var words: [Word] = []

  init(_ name: String) {
    var bracket: Int?
    var count = 0
    var text = ""
    var hyphen = false
    func isSeparator(_ character: Character) -> Bool {
      character.isWhitespace || "_,;|".contains(character)
    }
    // Dots part words only where the name has no blanks: "Mr. Smith" and "site.com" keep theirs.
    let hasBlanks = name.contains { $0 == " " || $0 == "\u{A0}" }
    func end(_ words: inout [Word]) {
      if !text.isEmpty { words.append(Word(text: text, bracket: bracket, followsHyphen: hyphen)) }
      if !text.isEmpty { hyphen = false }
      text = ""
    }
    for character in name {
      if "([{【「".contains(character) {
        end(&words)
        count += 1
        bracket = count
        hyphen = false
      } else if ")]}】」".contains(character) {
        end(&words)
        bracket = nil
      } else if isSeparator(character) || (character == "." && !hasBlanks && bracket == nil) {
        end(&words)
      } else if character == "-" || character == "–" || character == "—" {
        end(&words)
        hyphen = true
      } else {
        text.append(character)
      }
    }
    end(&words)
    if hasBlanks { splitAtDots() }
    joinHyphens(name)
  }

  /// Parts words with dots in which one part is a tag: "Name.2017.TS" in a name with blanks.
  private mutating func splitAtDots() {
    words = words.flatMap { word -> [Word] in
      let parts = word.text.split(separator: ".").map(String.init)
      guard parts.count > 1, parts.contains(where: ReleaseTags.isTag) else { return [word] }
      return parts.enumerated().map { index, text in
        Word(
          text: text,
          bracket: word.bracket,
          followsHyphen: index == 0 && word.followsHyphen
        )
      }
    }
  }

  /// Puts words back together that a hyphen joins and that are no tags: Spider-Man, not x264-GRP.
  private mutating func joinHyphens(_ name: String) {
    var joined: [Word] = []
    var sawTag = false
    for word in words {
      let isTag = ReleaseTags.isTag(word.text)
      if word.followsHyphen, let last = joined.last, last.bracket == word.bracket,
        name.contains("\(last.text)-\(word.text)"),
        ReleaseTags.isCompound(last.text, word.text) || (!sawTag && !isTag)
      {
        joined[joined.count - 1].text = "\(last.text)-\(word.text)"
        continue
      }
      sawTag = sawTag || isTag
      joined.append(word)
    }
    words = joined
  }

  mutating func mark(_ index: Int, _ count: Int) {
    for place in index..<min(words.count, index + count) { words[place].isTag = true }
  }

  /// A web site before the title, as in "[site.com] Film" or "www.site.com - Film".
  mutating func takeSite() -> String? {
    guard words.count > 1 else { return nil }
    if let host = HostName.of(words[0].text), words[0].text.contains(".") {
      words.removeFirst()
      return host
    }
    // Where dots part words: www, site, com.
    if words[0].text.lowercased() == "www", words.count > 3 {
      let host = "\(words[1].text).\(words[2].text)".lowercased()
      words.removeFirst(3)
      return host
    }
    return nil
  }
}
