import Foundation

/// The host of a web address as ads show it, with or without a scheme.
enum HostName {
  /// The host in small letters without `www.`; nil where there is none.
  static func of(_ address: String) -> String? {
    var rest = Substring(address.lowercased())
    if let scheme = rest.range(of: "://") { rest = rest[scheme.upperBound...] }
    rest = rest.prefix { !"/?#:".contains($0) }
    if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
    while rest.hasSuffix(".") { rest.removeLast() }
    if rest.hasPrefix("www.") { rest.removeFirst(4) }
    let host = String(rest)
    return Brand.isValidDomain(host) ? host : nil
  }

  /// Hosts whose pages belong to their users: sharing one says nothing.
  static let shared: Set<String> = [
    "t.me", "telegram.me", "telegram.org", "vk.com", "vk.ru", "ok.ru", "youtube.com", "youtu.be",
    "instagram.com", "facebook.com", "twitter.com", "x.com", "tiktok.com", "wa.me", "whatsapp.com",
    "bit.ly", "clck.ru", "goo.gl", "cutt.ly", "taplink.cc", "linktr.ee", "discord.gg", "rutube.ru",
    "dzen.ru", "google.com", "yandex.ru", "play.google.com", "apps.apple.com",
  ]

  /// What two ads of one advertiser share of an address: the host, or the page of a shared one.
  static func key(_ address: String) -> String? {
    guard let host = of(address) else { return nil }
    guard shared.contains(host) else { return host }
    var rest = Substring(address.lowercased())
    if let scheme = rest.range(of: "://") { rest = rest[scheme.upperBound...] }
    guard let slash = rest.firstIndex(of: "/") else { return nil }
    let page = rest[slash...].prefix { $0 != "?" && $0 != "#" }
    return page.count > 1 ? host + page : nil
  }
}
