public import AdDetection
public import TextReading
public import VideoCore

/// What kind of ad it is.
public enum AdKind: String, Sendable, Hashable, CaseIterable {
  /// A clip before the film.
  case preroll
  /// A clip inserted into the film, or in place of a part of it.
  case midroll
  /// A clip after the film's own end.
  case postroll
  /// A sign or text near a corner, for long.
  case cornerLogo = "corner_logo"
  /// A wide strip that appears for some time.
  case banner
  /// A line of text that runs along an edge.
  case ticker
  /// A short appearance.
  case popup
  /// Something on the black bars beside the picture.
  case bar
}

/// What a sighting rests on.
public enum AdEvidence: String, Sendable, Hashable, CaseIterable {
  /// The film does not explain it.
  case reference
  /// It shows the sign of a brand.
  case logo
  /// Its text: a name, an address, a code or words of the trade.
  case text
  /// It is a known clip of a brand.
  case creative
  /// It stays while the film changes.
  case persistence
}

/// What drawn or inserted matter is that advertises nothing.
public enum OverlayKind: String, Sendable, Hashable, CaseIterable {
  /// Changing text at the bottom centre.
  case subtitles
  /// The sign of a television channel.
  case channelLogo = "channel_logo"
  /// The name or address of those who release the leak.
  case groupStamp = "group_stamp"
  /// The film's title.
  case title
  /// Names and functions.
  case credits
  /// Something else.
  case other
}

/// A gambling ad in a leak.
public struct AdSighting: Sendable {
  /// What kind of ad it is.
  public var kind: AdKind
  /// Identifier of the brand; nil where it is none of the catalogue's.
  public var brand: String?
  /// How sure the brand is, 0...1; nil without a brand.
  public var brandConfidence: Double?
  /// What the sighting rests on, in the order of ``AdEvidence``.
  public var evidence: [AdEvidence]
  /// What is written, a line per row; empty where nothing was read.
  public var text: String
  /// Addresses, codes, amounts, numbers and accounts.
  public var indicators: [Indicator]
  /// First second.
  public var start: Double
  /// End.
  public var end: Double
  /// Where it is, in order of time; one box that is the frame for a clip.
  public var boxes: [OverlayTrack.TimedBox]
  /// Whether it fills the frame.
  public var isFullFrame: Bool
  /// Whether it advertises, 0...1: that something is drawn or inserted there (for a clip 1), times
  /// that it is an ad: the brand's confidence; without a brand 0.9 for an address and 0.8 for a
  /// code, either with words of the trade, 0.75 and 0.6 with words that other offers have, too, and
  /// 0.7 for words of the trade alone.
  public var confidence: Double
  /// What it looks like, at native resolution.
  public var picture: LumaPlane?
  /// Its look, 32 bytes of which similar pictures share most.
  public var look: [UInt8]?
}

/// Something drawn or inserted that advertises nothing.
public struct NoticedOverlay: Sendable {
  /// What it seems to be.
  public var kind: OverlayKind
  /// What is written, a line per row.
  public var text: String
  /// First second.
  public var start: Double
  /// End.
  public var end: Double
  /// Where it is, in order of time.
  public var boxes: [OverlayTrack.TimedBox]
  /// Whether it fills the frame.
  public var isFullFrame: Bool
  /// How sure it is that something is there, 0...1.
  public var confidence: Double
}

/// What recognition made of the findings of a leak.
public struct RecognizedAds: Sendable {
  /// The ads, in order of their start.
  public var ads: [AdSighting] = []
  /// What is no ad, in order of its start.
  public var overlays: [NoticedOverlay] = []
}
