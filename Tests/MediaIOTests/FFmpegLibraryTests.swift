import MediaIO
import Testing

@Suite("FFmpeg, loaded when it is asked for")
struct FFmpegLibraryTests {
  @Test("tells its versions and decoders")
  func versions() throws {
    try FFmpegLibrary.load()
    #expect(FFmpegLibrary.version?.isEmpty == false)
    let parts = FFmpegLibrary.parts
    #expect(
      parts.keys.sorted() == [
        "libavcodec", "libavformat", "libavutil", "libswresample", "libswscale",
      ]
    )
    #expect(parts.values.allSatisfy { $0.split(separator: ".").count == 3 })
    #expect(FFmpegLibrary.hasDecoder("h264"))
    #expect(!FFmpegLibrary.hasDecoder("no such decoder"))
  }

  @Test("numbers of the system have words", arguments: [(2, "No such file"), (28, "space")])
  func errors(number: Int32, words: String) {
    let error = MediaError(.ioError, "cannot write the file", errno: number)
    #expect(error.description.contains(words))
  }
}
