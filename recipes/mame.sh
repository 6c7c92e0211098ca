#!/usr/bin/env bash
# The whole making of the bundled model, from nothing to weights: render → VAE → text → cache → DiT → evaluate → bundle.
#
# Every stage goes on where it stopped, so the script can be killed and started again, and run in pieces:
#
#     recipes/mame.sh                      # everything, with the sizes below
#     MINUTES=10 recipes/mame.sh vae       # one stage, for ten minutes
#     recipes/mame.sh adopt                # first, to begin with the bundled weights instead of nothing
#
# On two CPU cores it takes hours, on one large GPU about half an hour: the code is the same, only these numbers differ.
set -euo pipefail
cd "$(dirname "$0")/.."

RUN=${RUN:-runs/mame}                 # where everything lies
PYTHON=${PYTHON:-.venv/bin/python}
CLIPS=${CLIPS:-5000}                  # rendered clips for the decoder, 4 MiB each; the cache takes them too
LATENTS=${LATENTS:-10000}             # cached clips for the DiT, 540 KiB each, all in the memory of every process
PROCESSES=${PROCESSES:-2}
MINUTES=${MINUTES:-}                  # stop each training stage after so many minutes; empty: at its schedule's end

soramame() { "$PYTHON" -m soramame.cli "$@"; }
common=(--preset mame --folder "$RUN" --processes "$PROCESSES")
limit=(${MINUTES:+--minutes "$MINUTES"})
compile=()
if command -v g++ >/dev/null; then compile=(--compile); fi  # a quarter faster, after a minute

render()   { soramame train render "${common[@]}" --count "$CLIPS"; }
vae()      { soramame train vae "${common[@]}" "${limit[@]}"; }
adopt()    { soramame train adopt --preset mame --folder "$RUN" --model mame; }
text()     { soramame train text --preset mame --folder "$RUN" "${limit[@]}"; }
cache()    { soramame train cache "${common[@]}" --count "$LATENTS"; }
pictures() { soramame train dit "${common[@]}" "${limit[@]}" "${compile[@]}" --stage pictures; }
short()    { soramame train dit "${common[@]}" "${limit[@]}" "${compile[@]}" --stage short; }
video()    { soramame train dit "${common[@]}" "${limit[@]}" "${compile[@]}" --stage video; }
decoder()  { soramame train vae "${common[@]}" "${limit[@]}" --decoder-only; }
bundle()   { soramame train bundle --preset mame --folder "$RUN" --out "$RUN/bundle" --storage int8; }
evaluate() { soramame evaluate quick --model "$RUN/bundle" --out "$RUN/evaluation"; }

for stage in "${@:-all}"; do
  case "$stage" in
    all) render; vae; text; cache; pictures; short; video; bundle; evaluate ;;
    adopt | render | vae | text | cache | pictures | short | video | decoder | bundle | evaluate) "$stage" ;;
    *) echo "recipes/mame.sh: no stage '$stage'; there are: adopt render vae text cache pictures short video decoder bundle evaluate" >&2; exit 2 ;;
  esac
done
