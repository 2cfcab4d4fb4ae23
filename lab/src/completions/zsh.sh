
# cargo's own completions call the function above for `cargo lab`. Without them, this:
_causette_cargo() {
    if [[ $words[2] == lab ]] && (( CURRENT > 2 )); then
        shift words
        (( CURRENT-- ))
        _cargo-lab
    else
        _default
    fi
}
if (( ! ${+_comps[cargo]} )); then
    compdef _causette_cargo cargo
fi
