#!/usr/bin/env bash
# The whole making of the bundled model, from nothing to weights: render → VAE → text → cache → DiT → evaluate → bundle.
#
# Every stage goes on where it stopped, so the script can be killed and started again, and run in pieces:
#
#     recipes/mame.sh                      # everything on two CPU cores: days
#     MINUTES=10 recipes/mame.sh vae       # one stage, for ten minutes
#     recipes/mame.sh adopt                # first, to begin with the bundled weights instead of nothing
#     recipes/mame.sh anew gpu bundle      # the transformer from nothing on one large GPU, with the other parts as they are: ten minutes
#     recipes/mame.sh adopt further bundle # the bundled transformer goes on there for eleven minutes more
#
# The code is the same on both; the presets mame-cpu and mame (which gpu takes) differ in batches, windows and steps.
set -euo pipefail
cd "$(dirname "$0")/.."

RUN=${RUN:-runs/mame}                 # where everything lies; for gpu, a folder in memory is best
PYTHON=${PYTHON:-.venv/bin/python}
PRESET=${PRESET:-mame-cpu}
CLIPS=${CLIPS:-5000}                  # rendered clips for the decoder, 4 MiB each; the cache takes them too
LATENTS=${LATENTS:-10000}             # cached clips for the DiT, 590 KiB each, all in the memory of every process
FIRST=${FIRST:-0}                     # the first clip's seed, in millions: another number for each further run, so that it sees new scenes
PROCESSES=${PROCESSES:-2}
MINUTES=${MINUTES:-}                  # stop each training stage after so many minutes; empty: at its schedule's end

soramame() { "$PYTHON" -m soramame.cli "$@"; }
common=(--preset "$PRESET" --folder "$RUN" --processes "$PROCESSES")
limit=(${MINUTES:+--minutes "$MINUTES"})
compile=()
if command -v g++ >/dev/null; then compile=(--compile); fi  # a quarter faster, after a minute

render()   { soramame train render "${common[@]}" --count "$CLIPS"; }
vae()      { soramame train vae "${common[@]}" "${limit[@]}"; }
adopt()    { soramame train adopt --preset "$PRESET" --folder "$RUN" --model mame; }
anew()     { soramame train adopt --preset mame --folder "$RUN" --model mame --without dit; }
text()     { soramame train text --preset "$PRESET" --folder "$RUN" "${limit[@]}"; }
cache()    { soramame train cache "${common[@]}" --first "${FIRST}000000" --count "$LATENTS"; }
pictures() { soramame train dit "${common[@]}" "${limit[@]}" "${compile[@]}" --stage pictures; }
short()    { soramame train dit "${common[@]}" "${limit[@]}" "${compile[@]}" --stage short; }
video()    { soramame train dit "${common[@]}" "${limit[@]}" "${compile[@]}" --stage video; }
decoder()  { soramame train vae "${common[@]}" "${limit[@]}" --decoder-only; }
bundle()   { soramame train bundle --preset "$PRESET" --folder "$RUN" --out "$RUN/bundle" --storage int8; }
evaluate() { soramame evaluate quick --model "$RUN/bundle" --out "$RUN/evaluation"; }

clips_come() {  # clips are rendered and cached by the CPUs all the while; training begins with the first 2,560
  workers=$(($(nproc) - 2))
  mkdir -p "$RUN"
  nice -n 10 "$PYTHON" -m soramame.cli train cache --preset mame --folder "$RUN" --processes "$((workers > 1 ? workers : 1))" \
    --first "${FIRST}000000" --count 60000 >"$RUN/cache.log" 2>&1 &
  clips=$!
  trap 'kill "$clips" 2>/dev/null || true' EXIT
  until [ "$(find "$RUN/latents" -name 'latents-*.pt' 2>/dev/null | wc -l)" -ge 40 ]; do
    kill -0 "$clips" 2>/dev/null || { tail -n 3 "$RUN/cache.log" >&2; exit 1; }
    sleep 1
  done
}
on_gpu=(--preset mame --folder "$RUN" --device cuda --processes 1 --compile --grow)

gpu() (
  clips_come
  soramame train dit "${on_gpu[@]}" --stage pictures
  soramame train dit "${on_gpu[@]}" --stage video
)

further() (
  clips_come
  soramame train dit "${on_gpu[@]}" --stage video --land --minutes "${MINUTES:-11}"
)

for stage in "${@:-all}"; do
  case "$stage" in
    all) render; vae; text; cache; pictures; short; video; bundle; evaluate ;;
    adopt | anew | render | vae | text | cache | pictures | short | video | gpu | further | decoder | bundle | evaluate) "$stage" ;;
    *) echo "recipes/mame.sh: no stage '$stage'; there are: adopt anew render vae text cache pictures short video gpu further decoder bundle evaluate" >&2; exit 2 ;;
  esac
done
