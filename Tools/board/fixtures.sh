# Small models and pictures for the checks of boards, the same in every run. To be sourced:
#
#     . Tools/board/fixtures.sh
#     fixtures .build/board/fixtures    # pictures/1.ppm…4.ppm, NAME.edetr for each of fixture_models
#
# Needs a release build of edgedetr, or another one in the variable EDGEDETR. Returns 2 after one line on standard error where that is missing.

fixture_models=(detr-tiny deformable-detr-tiny deformable-detr-tiny-two-stage table-transformer-tiny
  conditional-detr-tiny dab-detr-tiny smca-detr-tiny sam-detr-smca-tiny rtdetr-tiny rtdetrv2-tiny
  detr-tiny-panoptic)
fixture_edgedetr=${EDGEDETR:-.build/release/edgedetr}

# Smooth colours with noise on them.
fixture_picture() { # seed, width, height
  LC_ALL=C awk -v seed="$1" -v w="$2" -v h="$3" 'BEGIN {
    printf "P6\n%d %d\n255\n", w, h
    for (y = 0; y < h; y++) for (x = 0; x < w; x++) for (c = 0; c < 3; c++) {
      seed = seed * 16807 % 2147483647
      printf "%c", 1 + int(((x * (c + 1) * 3 + y * (3 - c) * 2) % 254 * 3 + int(seed / 1024) % 254) / 4)
    }
  }'
}

# Quantizes a checkpoint on at most ten pictures of a folder, with a self-test.
fixture_quantize() { # checkpoint, pictures, model, picture of the self-test
  "$fixture_edgedetr" quantize "$1" --images "$2" -o "$3" --preset fast --limit 10 --self-test "$4" \
    2> "$3.log" && rm -f "$3.log" && return
  tail -1 "$3.log" >&2
  return 2
}

fixtures() { # directory
  local directory=$1 name seed
  [ -x "$fixture_edgedetr" ] \
    || { echo "$fixture_edgedetr is not there: swift build -c release" >&2; return 2; }
  rm -rf "$directory"
  mkdir -p "$directory/pictures" || return 2
  for seed in 1 2 3; do fixture_picture $seed 96 72 > "$directory/pictures/$seed.ppm"; done
  fixture_picture 4 60 90 > "$directory/pictures/4.ppm"
  for name in "${fixture_models[@]}"; do
    "$fixture_edgedetr" synth checkpoint --architecture "$name" -o "$directory/$name" 2>/dev/null \
      || { echo "$fixture_edgedetr makes no checkpoint $name" >&2; return 2; }
    fixture_quantize "$directory/$name" "$directory/pictures" "$directory/$name.edetr" \
      "$directory/pictures/1.ppm" || return
  done
}
