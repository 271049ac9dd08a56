/// Finds web addresses and accounts in text that was read with errors.
enum AddressScanner {
  /// Endings of domains that gambling sites and their mirrors use, and the reserved ones.
  static let endings: Set<String> = [
    "com", "net", "org", "info", "biz", "name", "pro", "app", "dev", "xyz", "top", "site", "online",
    "website", "space", "club", "win", "bet", "casino", "poker", "game", "games", "vip", "life",
    "live", "fun", "world", "today", "link", "click", "store", "shop", "tech", "work", "one", "icu",
    "cyou", "buzz", "best", "plus", "group", "run", "guru", "bingo", "cash", "money", "red", "blue",
    "ru", "su", "ua", "by", "kz", "uz", "kg", "am", "az", "ge", "md", "lv", "lt", "ee", "pl", "de",
    "uk", "eu", "us", "me", "tv", "cc", "co", "io", "ai", "gg", "la", "to", "ws", "in", "cn", "tr",
    "рф", "рус", "онлайн", "сайт", "москва", "дети", "орг", "ком",
    "example", "test", "invalid",
  ]
  private static let folded = Dictionary(
    grouping: endings,
    by: { TextFolding.fold($0) }
  ).compactMapValues { $0.sorted().first }
  /// What a full stop is read as between a name and its ending.
  private static let dots: Set<Character> = [".", ",", "·", "'", "’", "‘", "`", "\"", "“"]
  /// What it is read as now and then; taken for one only before a long ending.
  private static let farDots: Set<Character> = [":", ";", "-", "*", "%", "¥", "°", "!", "|"]
  private static let messengers: Set<String> = [
    "t.me", "telegram.me", "wa.me", "vk.me", "viber.click", "discord.gg",
  ]

  /// Whether the address is an account of a messenger.
  static func isMessenger(_ value: String) -> Bool {
    guard let slash = value.firstIndex(of: "/") else { return false }
    return messengers.contains(String(value[..<slash]))
  }

  /// Addresses: labels, a full stop or what it was read as, a known ending, perhaps a path.
  static func addresses(in text: [Character]) -> [ScannedValue] {
    var found: [ScannedValue] = []
    var searched = 0
    for dot in text.indices where dot >= searched {
      let isNear = dots.contains(text[dot])
      guard isNear || farDots.contains(text[dot]), let ending = ending(after: dot, in: text),
        isNear || ending.value.count >= 6,
        let labels = labels(before: dot, in: text, from: searched, strict: text[dot] != ".")
      else { continue }
      let path = path(from: ending.end, in: text)
      var host = labels.value + "." + ending.value
      if host.hasPrefix("www.") { host.removeFirst(4) }
      guard labels.value.count > 1 || messengers.contains(host) else { continue }
      let value = host + path.value
      found.append(ScannedValue(value: value, range: labels.start..<path.end))
      searched = path.end
    }
    return found
  }

  /// Accounts: `@name` of five to thirty-two letters, digits and underscores, at a word's start.
  static func handles(in text: [Character]) -> [ScannedValue] {
    text.indices.compactMap { at in
      guard text[at] == "@", at == 0 || text[at - 1] == " " else { return nil }
      var end = at + 1
      while end < text.count, isASCIIWordCharacter(text[end]) { end += 1 }
      let name = text[at + 1..<end]
      // Round logos are read as this sign, and a name in capitals follows them.
      guard (5...32).contains(name.count), name.contains(where: \.isLowercase),
        name.first.map({ $0.isLetter }) ?? false,
        end == text.count || !(text[end].isLetter || text[end] == "-" || text[end] == ".")
      else { return nil }
      return ScannedValue(value: "@" + String(name).lowercased(), range: at..<end)
    }
  }

  /// The ending of a domain after a full stop and at most one space.
  private static func ending(after dot: Int, in text: [Character]) -> (value: String, end: Int)? {
    var first = dot + 1
    let spaced = first < text.count && text[first] == " "
    if spaced { first += 1 }
    var end = first
    while end < text.count, end - first < 12, text[end].isLetter || "!|1/".contains(text[end]) {
      // A slash inside an ending is a slim letter; one behind it begins a path.
      if text[end] == "/", endings.contains(String(text[first..<end]).lowercased()) { break }
      end += 1
    }
    guard end > first, end == text.count || !(text[end].isLetter || text[end].isNumber) else {
      return nil
    }
    // What another label follows is no ending: `filin-casino.example` is not of `filin.casino`.
    if end + 1 < text.count, text[end] == ".", text[end + 1].isLetter { return nil }
    let read = String(text[first..<end]).lowercased()
    // Across a space any two-letter word could be an ending.
    if endings.contains(read) { return spaced && read.count < 3 ? nil : (read, end) }
    guard let latin = ScriptRepair.latin(text[first..<end].map { $0 == "/" ? "l" : $0 }) else {
      return nil
    }
    let shape = TextFolding.fold(String(latin))
    if !spaced, shape.count > 2, let known = folded[shape] { return (known, end) }
    // Long endings may have a letter read wrongly.
    guard shape.count >= 6 else { return nil }
    let near = folded.filter {
      $0.key.count >= 6
        && EditDistance.between(Array($0.key), Array(shape), most: $0.key.count / 6) != nil
    }
    return near.count == 1 ? near.first.map { ($0.value, end) } : nil
  }

  /// The labels before a full stop and at most one space.
  ///
  /// Where the stop was read as something else (`strict`) the name must be longer.
  private static func labels(
    before dot: Int,
    in text: [Character],
    from start: Int,
    strict: Bool
  ) -> (value: String, start: Int)? {
    var end = dot
    if end > start, text[end - 1] == " " { end -= 1 }
    var first = end
    while first > start, end - first < 80 {
      let character = text[first - 1]
      let isInner = first < end && "!|".contains(character)
      let isTorn = character == " " && first < end && first - 2 >= start && text[first - 2] == "-"
      guard
        character.isLetter || character.isNumber || "-._".contains(character) || isInner || isTorn
      else { break }
      first -= 1
    }
    while first < end, "-._".contains(text[first]) { first += 1 }
    guard first < end else { return nil }
    // A hyphen is often torn from what follows it.
    let word = text[first..<end].filter { $0 != " " }
    // Across spaces only Latin words become addresses: `крупье, онлайн` is none.
    let isSpaced = end < dot || (dot + 1 < text.count && text[dot + 1] == " ")
    if isSpaced, !word.contains(where: { Script(of: $0) == .latin }) || !".,".contains(text[dot]) {
      return nil
    }
    guard word.count >= (strict || end < dot ? 4 : 1), word.contains(where: \.isLetter) else {
      return nil
    }
    // Addresses are Latin where their letters can be; else they are in the letters of the country.
    let label = ScriptRepair.latin(word) ?? ScriptRepair.unified(word)
    let value = String(label).lowercased().replacing("_", with: "-")
    guard !value.contains(".."), value.last != "-" else { return nil }
    return (value, first)
  }

  private static func path(from start: Int, in text: [Character]) -> (value: String, end: Int) {
    guard start < text.count, text[start] == "/" else { return ("", start) }
    var end = start + 1
    while end < text.count, end - start < 128,
      isASCIIWordCharacter(text[end]) || "/-.?=&%+~".contains(text[end])
    {
      end += 1
    }
    while end > start, ".?&-/".contains(text[end - 1]) { end -= 1 }
    return (String(text[start..<end]), end)
  }

  private static func isASCIIWordCharacter(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || character == "_")
  }
}
