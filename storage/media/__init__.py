"""Videos, pictures and sounds: kept as blobs, made and examined with ffmpeg in processes that die with their task."""
