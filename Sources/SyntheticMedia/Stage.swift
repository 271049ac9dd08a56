import VideoCore

/// A painted set: flats from the sky to the foreground, ready to be seen by a camera.
struct Stage: Sendable {
  struct Layer: Sendable {
    var texture: LayerTexture
    /// 0 stays with the camera (sky), 1 moves with the actors, above 1 passes in front of them.
    var parallax: Double
    /// Picture heights per second, for clouds and waves.
    var drift: Double = 0
    /// Set for a floor seen in perspective: where its horizon is, in picture heights of the set.
    var horizon: Double?
  }

  /// Layers in the order in which they are drawn; actors come before the first with a parallax
  /// above 1.
  var layers: [Layer]

  /// Draws the layers with `range` of parallax as `pose` sees them.
  func draw(
    into frame: inout PictureFrame,
    pose: (x: Double, y: Double, zoom: Double),
    time: Double,
    parallax range: Range<Double>
  ) {
    for layer in layers where range.contains(layer.parallax) {
      if let horizon = layer.horizon {
        drawFloor(layer, horizon, into: &frame, pose, time)
      } else {
        drawFlat(layer, into: &frame, pose, time)
      }
    }
  }

  private static let one = 65536.0

  private func drawFlat(
    _ layer: Layer,
    into frame: inout PictureFrame,
    _ pose: (x: Double, y: Double, zoom: Double),
    _ time: Double
  ) {
    let h = Double(frame.size.height)
    let w = Double(frame.size.width)
    let zoom = max(0.3, 1 + (pose.zoom - 1) * min(1.3, 0.4 + 0.6 * layer.parallax))
    let texels = layer.texture.density / (h * zoom)
    let cx = (pose.x * layer.parallax + layer.drift * time) * layer.texture.density
    let cy =
      (LayerTexture.worldHeight / 2 + (pose.y - LayerTexture.worldHeight / 2) * layer.parallax)
      * layer.texture.density
    let left = Int((cx - w / 2 * texels) * Stage.one)
    let step = Int(texels * Stage.one)
    let top = Int((cy - h / 2 * texels) * Stage.one)
    layer.texture.composite(into: &frame) { row in
      LayerTexture.RowMap(x: left, step: step, y: top + row * step, opacity: 256)
    }
  }

  private func drawFloor(
    _ layer: Layer,
    _ horizon: Double,
    into frame: inout PictureFrame,
    _ pose: (x: Double, y: Double, zoom: Double),
    _ time: Double
  ) {
    let h = Double(frame.size.height)
    let w = Double(frame.size.width)
    let density = layer.texture.density
    let span = LayerTexture.worldHeight
    let wrap = Int(span * density * Stage.one)
    layer.texture.composite(into: &frame) { row in
      // Depth of this row below the horizon, as a picture plane at distance 1 sees it.
      let below = pose.y + (Double(row) + 0.5 - h / 2) / h / pose.zoom - horizon
      guard below > 0.004 else { return nil }
      let depth = 0.32 / below
      let step = depth * density / (h * pose.zoom)
      let x = (pose.x * 0.9 - w / 2 / h / pose.zoom * depth) * density
      var y = Int(((depth * 0.9 + layer.drift * time) * density) * Stage.one) % max(1, wrap)
      if y < 0 { y += wrap }
      return LayerTexture.RowMap(
        x: Int(x * Stage.one),
        step: Int(step * Stage.one),
        y: y,
        opacity: Int(256 * min(1, below * 9))
      )
    }
  }
}
