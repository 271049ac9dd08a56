/// Numbers sorted into drawers as they come, in memory that is kept for the next time.
///
/// A drawer is a chain of small chunks, so that nobody has to know beforehand how much it will hold.
@safe final class VoteDrawers {
  /// Numbers of a chunk, the last of which is the number of the chunk before it.
  private static let chunkCount = 512
  private static let chunksPerSlab = 512
  private static let none = UInt32.max

  /// Where each drawer is written to next.
  private let next: UnsafeMutablePointer<UnsafeMutablePointer<UInt32>>
  /// The chunk that each drawer is written to.
  private let last: UnsafeMutablePointer<UInt32>
  private let drawers: Int
  private var slabs: [UnsafeMutablePointer<UInt32>]
  private var usedChunks = 0

  /// Makes empty drawers.
  init(count: Int) {
    drawers = count
    let chunk = unsafe Self.slab()
    unsafe slabs = [chunk]
    unsafe next = .allocate(capacity: max(1, count))
    unsafe next.initialize(repeating: chunk, count: max(1, count))
    unsafe last = .allocate(capacity: max(1, count))
    unsafe last.initialize(repeating: Self.none, count: max(1, count))
    empty()
  }

  deinit {
    unsafe slabs.forEach { unsafe $0.deallocate() }
    unsafe next.deallocate()
    unsafe last.deallocate()
  }

  /// Empties all drawers.
  func empty() {
    usedChunks = 0
    for drawer in 0..<drawers {
      unsafe last[drawer] = Self.none
      beginChunk(drawer)
    }
  }

  /// Puts a number into each of the drawers that `places` point to.
  ///
  /// A place, shifted, has its drawer above the lowest `bits` bits and what is kept of it below,
  /// joined with `head`. The lowest value is kept by the drawer before, too, as `1 << bits`. Places
  /// beyond the last drawer are passed over.
  @inline(__always)
  func file(_ places: Span<UInt32>, shift: Int, per: Int, bits: Int, head: UInt32) {
    let mask = 1 << bits - 1
    for at in places.indices {
      let place = (Int(places[at]) + shift) / per
      let drawer = place >> bits
      guard drawer < drawers else { continue }
      let kept = place & mask
      put(head | UInt32(truncatingIfNeeded: kept), drawer)
      if kept == 0, drawer > 0 { put(head | UInt32(truncatingIfNeeded: 1 << bits), drawer - 1) }
    }
  }

  /// Calls `body` with each number in a drawer, in no particular order.
  @inline(__always)
  func forEach(_ drawer: Int, _ body: (UInt32) -> Void) {
    var chunk = unsafe last[drawer]
    var start = unsafe address(chunk)
    var count = unsafe next[drawer] - start
    while true {
      for at in 0..<count { body(unsafe start[at]) }
      chunk = unsafe start[Self.chunkCount - 1]
      if chunk == Self.none { return }
      unsafe start = unsafe address(chunk)
      count = Self.chunkCount - 1
    }
  }

  @inline(__always)
  private func put(_ number: UInt32, _ drawer: Int) {
    let place = unsafe next[drawer]
    unsafe place.pointee = number
    unsafe next[drawer] = place + 1
    // The last number of a chunk is not one of the drawer's.
    let isFull = unsafe UInt(bitPattern: place + 2) & UInt(4 * Self.chunkCount - 1) == 0
    if isFull { beginChunk(drawer) }
  }

  private func beginChunk(_ drawer: Int) {
    if unsafe usedChunks == slabs.count * Self.chunksPerSlab { unsafe slabs.append(Self.slab()) }
    let chunk = UInt32(usedChunks)
    usedChunks += 1
    let start = unsafe address(chunk)
    unsafe start[Self.chunkCount - 1] = unsafe last[drawer]
    unsafe last[drawer] = chunk
    unsafe next[drawer] = start
  }

  private func address(_ chunk: UInt32) -> UnsafeMutablePointer<UInt32> {
    let (slab, place) = Int(chunk).quotientAndRemainder(dividingBy: Self.chunksPerSlab)
    return unsafe slabs[slab] + place * Self.chunkCount
  }

  private static func slab() -> UnsafeMutablePointer<UInt32> {
    let bytes = 4 * chunkCount * chunksPerSlab
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 4 * chunkCount)
    return unsafe memory.bindMemory(to: UInt32.self, capacity: bytes / 4)
  }
}
