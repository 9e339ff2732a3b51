import Messages

extension RunOptions {
  static let help: Message = """
    usage: edgedetr-run M.edetr IMAGE…
           edgedetr-run M.edetr --input FORMAT --frame-size WxH < FRAMES
           edgedetr-run --self-test M.edetr
           edgedetr-run --info [M.edetr]

    Detects with an int8 model, on integers only. Prints one JSON line a picture or frame.

      --input FORMAT      raw frames from standard input: rgb24, bgr24, rgba, bgra, nv12 or yuyv
      --frame-size WxH    their width and height in pixels
      --stride N          bytes from row to row where rows are padded
      --every N           detect in every Nth frame only
      --threshold X       least score to print and to draw, 0 to 1, default 0.3
      --annotate-dir DIR  write pictures with the detections drawn in, as PNG
      --threads N         threads that compute; default: one a processor
      --cpus LIST         run on these processors only, such as 4-7 or 0,2
      --isa NAME          the kernels to use; --info lists them
      --raw               every detection in exact integers and no times, to compare machines
      --self-test         detect in the sample that the model carries and compare
      --info              this processor, its kernels, and what the model expects

    example: ffmpeg -i rtsp://camera -f rawvideo -pix_fmt nv12 -s 640x480 - \\
               | edgedetr-run street.edetr --input nv12 --frame-size 640x480 --every 5

    """
}
