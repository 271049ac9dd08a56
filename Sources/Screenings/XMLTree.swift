/// An element of an XML document, with all that is in it.
struct XMLTree {
  /// Name without its prefix.
  var name: String
  /// Namespace; empty for none.
  var namespace: String
  /// The line that its tag begins on, from 1.
  var line: Int
  /// Its own text, without that of its children and without blanks around it.
  var text = ""
  /// Its children, in their order.
  var children: [XMLTree] = []

  /// The children of a name, whatever the case of its letters.
  func all(_ name: String) -> [XMLTree] {
    children.filter { $0.isNamed(name) }
  }

  /// The first child of one of the names.
  func first(_ names: String...) -> XMLTree? {
    for name in names {
      if let child = children.first(where: { $0.isNamed(name) }) { return child }
    }
    return nil
  }

  /// The elements of a name at any depth below, in the order of the document.
  func descendants(_ name: String) -> [XMLTree] {
    var found: [XMLTree] = []
    for child in children {
      if child.isNamed(name) { found.append(child) }
      found += child.descendants(name)
    }
    return found
  }

  func isNamed(_ other: String) -> Bool {
    name == other || name.lowercased() == other.lowercased()
  }

  /// The text of the first child of one of the names, as a value; nil where it is missing or empty.
  ///
  /// - Throws: ``ScreeningsError/Code/badValue`` for text that no value may have.
  func value(_ names: String...) throws(ScreeningsError) -> String? {
    for name in names {
      guard let child = first(name) else { continue }
      do {
        if let value = try TextRules.value(child.text, name) { return value }
      } catch {
        throw ScreeningsError(.badValue, line: child.line, error.message)
      }
    }
    return nil
  }

  /// The same of a child that must be there.
  func required(_ name: String) throws(ScreeningsError) -> String {
    if let value = try value(name) { return value }
    throw ScreeningsError(.badValue, line: line, "<\(self.name)> has no <\(name)>")
  }
}
