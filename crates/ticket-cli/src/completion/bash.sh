_ticket() {
    local IFS=$'\013' word is_joined= words=()
    for word in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
        local is_break=
        [[ -n $word && -z ${word//[:=@]/} ]] && is_break=1
        if [[ -n $is_joined$is_break ]] && ((${#words[@]} > 1)); then
            words[${#words[@]} - 1]+=$word
        else
            words+=("$word")
        fi
        is_joined=$is_break
    done
    local last=$((${#words[@]} - 1))
    local kept=${words[last]%"${words[last]##*[:=@]}"}
    COMPREPLY=($(_CLAP_IFS="$IFS" _CLAP_COMPLETE_INDEX=$last TICKET_COMPLETE=bash ticket -- "${words[@]}" 2> /dev/null))
    COMPREPLY=("${COMPREPLY[@]#"$kept"}")
    [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} != *[:=/] ]] && COMPREPLY[0]+=' '
}
complete -o nospace -o bashdefault -F _ticket ticket
