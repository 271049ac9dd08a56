/// Reads XML documents of strangers into trees.
///
/// A reader of its own for the little of XML that cinema servers write: elements, attributes,
/// text, comments, processing instructions, CDATA and the five named references. A document type is
/// refused, so that there are no entities to expand and no files to fetch; depth, number of elements
/// and lengths are bounded. Foundation's parser was not taken: on Linux it says that `<a><b></a>` is
/// well formed, reads other encodings than it is told, and needs one more library at run time.
struct XMLReader {
  /// Largest document, in bytes.
  static let mostBytes = 256 << 20
  private static let mostElements = 4_000_000
  private static let mostDepth = 64
  private static let mostAttributes = 64
  private static let longestName = 256
  private static let longestText = 4 << 20

  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var elements = 0

  /// An element whose end has not come yet.
  private struct Open {
    var tree: XMLTree
    var qualifiedName: String
    var namespaces: [String: String]
    var text: [UInt8] = []
  }

  /// Reads a document.
  ///
  /// - Throws: ``ScreeningsError`` with the line and the cause.
  static func read(_ source: [UInt8]) throws(ScreeningsError) -> XMLTree {
    guard source.count <= mostBytes else {
      throw ScreeningsError(.tooMuch, "the document has more than \(mostBytes) bytes")
    }
    var reader = XMLReader(source)
    return try reader.document()
  }

  private init(_ source: [UInt8]) {
    bytes = source
    if source.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
  }

  private func broken(_ message: String, line: Int? = nil) -> ScreeningsError {
    ScreeningsError(.brokenXML, line: line ?? self.line, message)
  }

  // MARK: Document

  private mutating func document() throws(ScreeningsError) -> XMLTree {
    try checkText()
    try readDeclaration()
    var stack: [Open] = []
    var root: XMLTree?
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "<") else {
        try readText(&stack, isInside: !stack.isEmpty)
        continue
      }
      if skip("<!--") {
        try skipTo("-->", "a comment")
      } else if skip("<?") {
        try skipTo("?>", "a processing instruction")
      } else if skip("<![CDATA[") {
        guard !stack.isEmpty else { throw broken("text outside of the root element") }
        let first = index
        try skipTo("]]>", "a CDATA section")
        try append(bytes[first..<(index - 3)], &stack)
      } else if skip("<!") {
        throw ScreeningsError(
          .unsafeXML,
          line: line,
          "the document has a document type or declares entities (<!…>); such files are not read, "
            + "because entities can blow up or fetch other files"
        )
      } else if skip("</") {
        let name = try readName()
        skipBlanks()
        guard skip(">") else { throw broken("the end tag </\(name)> is not closed") }
        guard var open = stack.popLast(), open.qualifiedName == name else {
          throw broken("the end tag </\(name)> belongs to no open element")
        }
        open.tree.text = Self.trimmed(open.text)
        close(open.tree, &stack, &root)
      } else {
        index += 1
        guard root == nil else { throw broken("a second root element") }
        if let leaf = try readStartTag(&stack) { close(leaf, &stack, &root) }
      }
    }
    if let open = stack.last {
      throw broken(
        "the document ends inside of <\(open.qualifiedName)>, which begins in line \(open.tree.line)"
      )
    }
    guard let root else { throw broken("the document has no element") }
    return root
  }

  /// Gives an element to the one around it.
  private func close(_ tree: XMLTree, _ stack: inout [Open], _ root: inout XMLTree?) {
    guard !stack.isEmpty else { return root = tree }
    stack[stack.count - 1].tree.children.append(tree)
  }

  /// Nothing but UTF-8 without control characters: other encodings could hide a document type.
  private func checkText() throws(ScreeningsError) {
    var line = 1
    for byte in bytes where byte < 0x20 {
      if byte == 0x0A {
        line += 1
      } else if byte != 0x09 && byte != 0x0D {
        throw ScreeningsError(
          .badEncoding,
          line: line,
          "a control character: the document is not UTF-8 text"
        )
      }
    }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw ScreeningsError(.badEncoding, "the document is not UTF-8")
    }
  }

  private mutating func readDeclaration() throws(ScreeningsError) {
    guard bytes[index...].starts(with: Array("<?xml".utf8)), index + 5 < bytes.count,
      Self.isBlank(bytes[index + 5])
    else { return }
    let first = index
    let start = line
    try skipTo("?>", "the XML declaration")
    let text = String(decoding: bytes[first..<index], as: UTF8.self).lowercased()
    guard let place = text.firstRange(of: "encoding") else { return }
    let value = text[place.upperBound...].drop { $0 == " " || $0 == "=" || $0 == "\t" }.dropFirst()
      .prefix { $0 != "\"" && $0 != "'" }
    guard ["utf-8", "utf8", "us-ascii", "ascii"].contains(String(value)) else {
      throw ScreeningsError(
        .badEncoding,
        line: start,
        "the document says that its encoding is \(value); only UTF-8 is read"
      )
    }
  }

  // MARK: Tags

  /// Reads a start tag behind its `<`; gives the element where the tag closes it as well.
  private mutating func readStartTag(_ stack: inout [Open]) throws(ScreeningsError) -> XMLTree? {
    elements += 1
    guard elements <= Self.mostElements, stack.count < Self.mostDepth else {
      throw ScreeningsError(
        .unsafeXML,
        line: line,
        elements > Self.mostElements
          ? "the document has more than \(Self.mostElements) elements"
          : "elements lie more than \(Self.mostDepth) deep in each other"
      )
    }
    let start = line
    let name = try readName()
    var namespaces = stack.last?.namespaces ?? [:]
    var attributes: Set<String> = []
    while true {
      let hadBlank = skipBlanks()
      guard index < bytes.count else {
        throw broken("the tag <\(name)> is not closed", line: start)
      }
      if bytes[index] == UInt8(ascii: ">") || bytes[index] == UInt8(ascii: "/") { break }
      guard hadBlank else { throw broken("a blank is missing in the tag <\(name)>") }
      let key = try readName()
      guard attributes.insert(key).inserted else {
        throw broken("the tag <\(name)> has the attribute \(key) twice")
      }
      guard attributes.count <= Self.mostAttributes else {
        throw ScreeningsError(.unsafeXML, line: line, "a tag has too many attributes")
      }
      let value = try readAttributeValue(key)
      if key == "xmlns" { namespaces[""] = value }
      if key.hasPrefix("xmlns:") { namespaces[String(key.dropFirst(6))] = value }
    }
    let parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2, !parts.contains("") else { throw broken("\(name) is no name") }
    let prefix = parts.count == 2 ? parts[0] : ""
    guard let namespace = namespaces[prefix] ?? (prefix.isEmpty ? "" : nil) else {
      throw broken("the prefix of <\(name)> has no namespace")
    }
    let tree = XMLTree(name: parts[parts.count - 1], namespace: namespace, line: start)
    if skip("/>") { return tree }
    guard skip(">") else { throw broken("the tag <\(name)> is not closed", line: start) }
    stack.append(Open(tree: tree, qualifiedName: name, namespaces: namespaces))
    return nil
  }

  private mutating func readName() throws(ScreeningsError) -> String {
    let first = index
    while index < bytes.count, Self.isNameByte(bytes[index]) { index += 1 }
    guard index > first, index - first <= Self.longestName,
      !(0x2D...0x39).contains(bytes[first])
    else { throw broken("a name is expected here") }
    return String(decoding: bytes[first..<index], as: UTF8.self)
  }

  private mutating func readAttributeValue(_ key: String) throws(ScreeningsError) -> String {
    skipBlanks()
    guard skip("=") else { throw broken("the attribute \(key) has no value") }
    skipBlanks()
    guard index < bytes.count, [0x22, 0x27].contains(bytes[index]) else {
      throw broken("the value of \(key) stands in no quotes")
    }
    let quote = bytes[index]
    index += 1
    var value: [UInt8] = []
    while index < bytes.count, bytes[index] != quote {
      guard bytes[index] != UInt8(ascii: "<") else { throw broken("a < in the value of \(key)") }
      if bytes[index] == UInt8(ascii: "&") {
        value += try reference()
      } else {
        if bytes[index] == 0x0A { line += 1 }
        value.append(bytes[index])
        index += 1
      }
      guard value.count <= Self.longestText else {
        throw ScreeningsError(.unsafeXML, line: line, "the value of \(key) is too long")
      }
    }
    guard index < bytes.count else { throw broken("the value of \(key) is not closed") }
    index += 1
    return String(decoding: value, as: UTF8.self)
  }

  // MARK: Text

  private mutating func readText(
    _ stack: inout [Open],
    isInside: Bool
  ) throws(ScreeningsError) {
    let first = index
    while index < bytes.count, bytes[index] != UInt8(ascii: "<"), bytes[index] != UInt8(ascii: "&")
    {
      if bytes[index] == 0x0A { line += 1 }
      guard isInside || Self.isBlank(bytes[index]) else {
        throw broken("text outside of the root element")
      }
      index += 1
    }
    if isInside { try append(bytes[first..<index], &stack) }
    guard index < bytes.count, bytes[index] == UInt8(ascii: "&") else { return }
    guard isInside else { throw broken("text outside of the root element") }
    try append(try reference()[...], &stack)
  }

  private func append(
    _ part: ArraySlice<UInt8>,
    _ stack: inout [Open]
  ) throws(ScreeningsError) {
    guard stack[stack.count - 1].text.count + part.count <= Self.longestText else {
      throw ScreeningsError(.unsafeXML, line: line, "an element has too much text")
    }
    stack[stack.count - 1].text += part
  }

  /// The bytes that a reference such as `&amp;` or `&#65;` stands for.
  private mutating func reference() throws(ScreeningsError) -> [UInt8] {
    let body = bytes[(index + 1)...].prefix(12).prefix { $0 != UInt8(ascii: ";") }
    let name = String(decoding: body, as: UTF8.self)
    let end = index + 1 + body.count
    guard end < bytes.count, bytes[end] == UInt8(ascii: ";") else {
      throw broken("a & that begins no reference")
    }
    index = end + 1
    let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
    if let sign = named[name] { return Array(sign.utf8) }
    guard name.hasPrefix("#") else {
      throw ScreeningsError(
        .unsafeXML,
        line: line,
        "the entity &\(name); is not one of the five that XML knows by itself"
      )
    }
    let digits = name.dropFirst()
    let code =
      digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
    guard let code, let scalar = Unicode.Scalar(code), code >= 0x20 || [9, 10, 13].contains(code)
    else { throw broken("&\(name); stands for no character") }
    return Array(String(scalar).utf8)
  }

  private static func trimmed(_ text: [UInt8]) -> String {
    guard let first = text.firstIndex(where: { !isBlank($0) }),
      let last = text.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(decoding: text[first...last], as: UTF8.self)
  }

  // MARK: Bytes

  /// Steps over some signs if they come next.
  private mutating func skip(_ signs: String) -> Bool {
    var position = index
    for sign in signs.utf8 {
      guard position < bytes.count, bytes[position] == sign else { return false }
      position += 1
    }
    index = position
    return true
  }

  private mutating func skipTo(_ end: String, _ what: String) throws(ScreeningsError) {
    let start = line
    let end = Array(end.utf8)
    while index + end.count <= bytes.count {
      if bytes[index] == end[0], bytes[index..<(index + end.count)].elementsEqual(end) {
        index += end.count
        return
      }
      if bytes[index] == 0x0A { line += 1 }
      index += 1
    }
    throw broken("\(what) is not closed", line: start)
  }

  @discardableResult
  private mutating func skipBlanks() -> Bool {
    let first = index
    while index < bytes.count, Self.isBlank(bytes[index]) {
      if bytes[index] == 0x0A { line += 1 }
      index += 1
    }
    return index > first
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "."), UInt8(ascii: ":"), 0x80...0xFF:
      true
    default: false
    }
  }
}
