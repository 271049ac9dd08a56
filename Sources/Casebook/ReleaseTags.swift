/// The vocabulary of release names.
enum ReleaseTags {
  /// Name extensions that are cut off.
  static let extensions: Set<String> = [
    "mkv", "mp4", "avi", "mov", "ts", "m2ts", "m4v", "webm", "wmv", "mpg", "mpeg", "flv", "vob",
    "3gp", "mxf", "torrent", "nfo",
  ]

  /// How a copy was made: what names say, and what is written for it.
  static let sources: [String: String] = [
    "cam": "CAM", "camrip": "CAM", "cam-rip": "CAM", "экранка": "CAM", "камрип": "CAM",
    "hdcam": "HDCAM", "hd-cam": "HDCAM", "hdcamrip": "HDCAM", "hqcam": "HDCAM", "hq-cam": "HDCAM",
    "ts": "TS", "tsrip": "TS", "ts-rip": "TS", "тс": "TS", "telesync": "TELESYNC",
    "телесинк": "TELESYNC", "hdts": "HDTS", "hd-ts": "HDTS", "hdtsrip": "HDTS", "hqts": "HDTS",
    "pdvd": "PDVD", "predvd": "PDVD", "predvdrip": "PDVD", "pre-dvd": "PDVD", "tc": "TC",
    "telecine": "TELECINE", "телесин": "TELECINE", "hdtc": "HDTC", "hd-tc": "HDTC", "scr": "SCR",
    "dvdscr": "DVDSCR", "dvd-scr": "DVDSCR", "dvdscreener": "DVDSCR", "screener": "SCR",
    "bdscr": "BDSCR", "webscr": "WEBSCR", "workprint": "WORKPRINT", "wp": "WORKPRINT", "r5": "R5",
    "web": "WEB", "webdl": "WEB-DL", "web-dl": "WEB-DL", "webrip": "WEBRip", "web-rip": "WEBRip",
    "web-dlrip": "WEB-DL", "webdlrip": "WEB-DL", "hdrip": "HDRip", "dvdrip": "DVDRip",
    "bdrip": "BDRip", "brrip": "BDRip", "bluray": "BluRay", "blu-ray": "BluRay", "remux": "REMUX",
    "hdtv": "HDTV", "hdtvrip": "HDTV", "satrip": "SATRip", "vhsrip": "VHSRip", "dcp": "DCP",
  ]

  /// Sources that names write as two words.
  private static let pairs: Set<String> = [
    "hd cam", "hq cam", "hd ts", "hq ts", "hd tc", "web dl", "web rip", "cam rip", "ts rip",
    "dvd scr", "pre dvd", "blu ray", "web-dl rip",
  ]

  /// Words that are tags only in capitals or beside others: also names of films.
  private static let capitals: Set<String> = ["ts", "tc", "scr", "wp", "web", "cam", "r5", "тс"]

  /// The source that a word, or a word and the next, stand for.
  static func source(_ word: String, _ next: String) -> (name: String, wordCount: Int)? {
    let small = word.lowercased()
    let pair = "\(small) \(next.lowercased())"
    if pairs.contains(pair) {
      let key = pair.replacing(" ", with: "-")
      if let name = sources[key] ?? sources[pair.replacing(" ", with: "")] { return (name, 2) }
    }
    guard let name = sources[small], !capitals.contains(small) || isShouted(word) else {
      return nil
    }
    return (name, 1)
  }

  private static func isShouted(_ word: String) -> Bool { word == word.uppercased() }

  private static let resolutions: [String: String] = [
    "4k": "2160p", "uhd": "2160p", "fhd": "1080p", "fullhd": "1080p", "uhdrip": "2160p",
  ]

  /// `1080p` of `1080p`, `1080P`, `1920x1080` or `4K`.
  static func resolution(_ word: String) -> String? {
    let small = word.lowercased().replacing("х", with: "x")
    if let known = resolutions[small] { return known }
    if let last = small.last, last == "p" || last == "i", let lines = Int(small.dropLast()),
      (144...4320).contains(lines)
    {
      return small
    }
    let sides = small.split(separator: "x").map(String.init).map { Int($0) }
    if sides.count == 2, let width = sides[0], let height = sides[1], width >= 256,
      (144...4320).contains(height)
    {
      return "\(height)p"
    }
    return nil
  }

  private static let languages: [String: String] = [
    "rus": "ru", "russian": "ru", "ru": "ru", "рус": "ru", "русский": "ru", "eng": "en",
    "english": "en", "en": "en", "англ": "en", "ukr": "uk", "ukrainian": "uk", "укр": "uk",
    "hindi": "hi", "hin": "hi", "tamil": "ta", "telugu": "te", "french": "fr", "vf": "fr",
    "truefrench": "fr", "vostfr": "fr", "german": "de", "ger": "de", "deutsch": "de",
    "spanish": "es", "spa": "es", "latino": "es", "castellano": "es", "italian": "it", "ita": "it",
    "turkish": "tr", "tur": "tr", "chinese": "zh", "chi": "zh", "korean": "ko", "kor": "ko",
    "japanese": "ja", "jpn": "ja", "arabic": "ar", "portuguese": "pt", "por": "pt", "kaz": "kk",
    "polish": "pl", "pol": "pl", "multi": "multi", "dual": "multi", "dub": "dub", "dubbed": "dub",
    "дубляж": "dub", "дублированный": "dub",
  ]

  /// Words that are languages only in capitals: short, and words of titles.
  private static let shoutedLanguages: Set<String> = ["ru", "en", "por", "pol", "vf", "chi", "spa"]

  /// The code of a language; before the end of the title, only what can be nothing else.
  static func language(_ word: String, behindTitle: Bool) -> String? {
    let small = word.lowercased()
    guard let code = languages[small], !behindTitle else { return languages[small] }
    // Whole names of languages are also words of titles, "The Italian Job".
    let isWord = small.count > 3 && small.unicodeScalars.allSatisfy(\.isASCII)
    if isWord || shoutedLanguages.contains(small) { return isShouted(word) ? code : nil }
    return code
  }

  private static let others: Set<String> = [
    "x264", "x265", "h264", "h265", "hevc", "avc", "xvid", "divx", "av1", "vp9", "aac", "ac3",
    "dd5", "dd2", "ddp5", "ddp", "eac3", "mp3", "dts", "opus", "flac", "atmos", "proper", "repack",
    "unrated", "imax", "10bit", "8bit", "hdr", "hdr10", "sdr", "hq", "lq", "v1", "v2", "v3", "v4",
    "noads", "hc", "subs", "hardsub", "esub", "esubs", "korsub", "mvo", "avo", "dvo", "hdlight",
    "лицензия", "рекламы", "kbps",
  ]

  /// Remarks that are also words of titles: they count in capitals only.
  private static let shoutedOthers: Set<String> = [
    "line", "mic", "audio", "real", "new", "clean", "internal", "limited", "extended", "hd", "sub",
    "dc", "3d", "dv", "nf", "amzn", "h", "звук", "без",
  ]

  /// Codecs and remarks, which only part the title from what follows.
  static func isOther(_ word: String) -> Bool {
    let small = word.lowercased()
    return others.contains(small) || isCodec(small)
      || (shoutedOthers.contains(small) && isShouted(word))
  }

  private static func isCodec(_ small: String) -> Bool {
    small.hasPrefix("x264") || small.hasPrefix("x265") || small.hasPrefix("h.26")
      || small.hasPrefix("aac2") || small.hasPrefix("ddp5")
  }

  /// Whether a word is any tag at all.
  static func isTag(_ word: String) -> Bool {
    source(word, "") != nil || resolution(word) != nil || isOther(word)
      || (word.utf8.count == 4 && Int(word).map((1895...2099).contains) ?? false)
  }

  /// Whether two words with a hyphen between them are one tag.
  static func isCompound(_ first: String, _ second: String) -> Bool {
    sources["\(first)-\(second)".lowercased()] != nil
  }

  /// The words behind `от` or `by`, as in "TS от Группа", and all words that this takes up.
  static func announcedGroup(_ words: [String]) -> (group: String, words: [String])? {
    guard let place = words.lastIndex(where: { ["от", "by"].contains($0.lowercased()) }),
      place + 1 < words.count
    else { return nil }
    return (words[(place + 1)...].joined(separator: " "), Array(words[place...]))
  }
}
