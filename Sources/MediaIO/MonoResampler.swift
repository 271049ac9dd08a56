import CFFmpeg

/// Turns decoded sound of any kind into single precision numbers of one channel at one rate.
@safe
struct MonoResampler: ~Copyable {
  private var context: OpaquePointer?
  private var input: Format?
  private let rate: Int32

  /// The numbers of the last call; valid until the next.
  private(set) var samples: [Float] = []

  private struct Format: Equatable {
    var sampleFormat: Int32
    var rate: Int32
    var channels: Int32
    var order: UInt32
    var mask: UInt64
  }

  /// Rates that a film's sound has, with room; others are forged.
  private static let rates: ClosedRange<Int32> = 2000...768_000
  /// Channels that libswresample mixes.
  private static let channels: ClosedRange<Int32> = 1...64
  /// What a sample is cut to: sound as floating point may exceed 1, but not by much.
  private static let loudest = AudioReader.greatestSample

  init(rate: Int) { self.rate = Int32(clamping: rate) }

  deinit {
    var context = unsafe self.context
    unsafe swr_free(&context)
  }

  /// Whether a frame has another format than the one before, so that ``drain()`` is due.
  func isChange(_ frame: UnsafeMutablePointer<AVFrame>) -> Bool {
    unsafe input != nil && input != MonoResampler.format(of: frame)
  }

  /// Converts a frame; false where its format cannot be.
  mutating func convert(_ frame: UnsafeMutablePointer<AVFrame>) -> Bool {
    samples.removeAll(keepingCapacity: true)
    let format = unsafe MonoResampler.format(of: frame)
    let count = unsafe frame.pointee.nb_samples
    guard count > 0, Int64(count) <= AudioStream.mostSamplesOfFrame,
      unsafe frame.pointee.extended_data != nil
    else { return false }
    if unsafe context == nil || input != format {
      guard MonoResampler.rates.contains(format.rate),
        MonoResampler.channels.contains(format.channels),
        unsafe open(format, frame)
      else { return false }
    }
    let source = unsafe UnsafeMutableRawPointer(frame.pointee.extended_data)?
      .assumingMemoryBound(to: UnsafePointer<UInt8>?.self)
    return unsafe convert(source, count)
  }

  /// Gives what the filter still holds, and forgets the format.
  mutating func drain() {
    samples.removeAll(keepingCapacity: true)
    if unsafe context != nil { _ = unsafe convert(nil, 0) }
    unsafe swr_free(&context)
    input = nil
  }

  private mutating func convert(
    _ source: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    _ count: Int32
  ) -> Bool {
    let room = unsafe swr_get_out_samples(context, count)
    guard room >= 0 else { return false }
    samples.append(contentsOf: repeatElement(0, count: Int(room)))
    let written = unsafe samples.withUnsafeMutableBytes { bytes in
      var target = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
      return unsafe swr_convert(context, &target, room, source, count)
    }
    samples.removeLast(samples.count - min(samples.count, max(0, Int(written))))
    for index in samples.indices where !(abs(samples[index]) <= MonoResampler.loudest) {
      let sample = samples[index]
      samples[index] = sample > 0 ? MonoResampler.loudest : sample < 0 ? -MonoResampler.loudest : 0
    }
    return written >= 0
  }

  private mutating func open(_ format: Format, _ frame: UnsafeMutablePointer<AVFrame>) -> Bool {
    unsafe swr_free(&context)
    input = nil
    var mono = unsafe AVChannelLayout()
    unsafe av_channel_layout_default(&mono, 1)
    var layout = unsafe AVChannelLayout()
    // Channels without names are taken for the usual ones of their number.
    if format.order == AV_CHANNEL_ORDER_NATIVE.rawValue {
      unsafe av_channel_layout_from_mask(&layout, format.mask)
    } else {
      unsafe av_channel_layout_default(&layout, format.channels)
    }
    if unsafe layout.order == AV_CHANNEL_ORDER_UNSPEC { return unsafe openUnnamed(format, &mono) }
    return unsafe open(format, &layout, &mono)
  }

  /// Numbers of channels without a usual layout: the first one alone is heard.
  private mutating func openUnnamed(_ format: Format, _ mono: inout AVChannelLayout) -> Bool {
    var layout = unsafe AVChannelLayout()
    let mask = format.channels == 64 ? UInt64.max : (1 << UInt64(format.channels)) - 1
    unsafe av_channel_layout_from_mask(&layout, mask)
    return unsafe open(format, &layout, &mono)
  }

  private mutating func open(
    _ format: Format,
    _ layout: inout AVChannelLayout,
    _ mono: inout AVChannelLayout
  ) -> Bool {
    let status = unsafe swr_alloc_set_opts2(
      &context,
      &mono,
      AV_SAMPLE_FMT_FLT,
      rate,
      &layout,
      AVSampleFormat(format.sampleFormat),
      format.rate,
      0,
      nil
    )
    guard status >= 0, unsafe swr_init(context) >= 0 else {
      unsafe swr_free(&context)
      return false
    }
    input = format
    return true
  }

  private static func format(of frame: UnsafeMutablePointer<AVFrame>) -> Format {
    let layout = unsafe frame.pointee.ch_layout
    let isNative = unsafe layout.order == AV_CHANNEL_ORDER_NATIVE
    return unsafe Format(
      sampleFormat: frame.pointee.format,
      rate: frame.pointee.sample_rate,
      channels: layout.nb_channels,
      order: layout.order.rawValue,
      mask: isNative ? layout.u.mask : 0
    )
  }
}
