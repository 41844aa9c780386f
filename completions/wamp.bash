# wamp.bash: bash completion of wampd and its tools.
#
# Options come from the program itself (--complete), topics, procedures
# and routes from the broker that the command line names; without one there
# are none.

# The words that say which broker is meant, a line each.
_wamp_target()
{
	local i

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-S|--control|-u|--url)
			printf '%s\n' "${COMP_WORDS[i]}"
			[ "${COMP_WORDS[i + 1]}" != = ] || : $((i++))
			printf '%s\n' "${COMP_WORDS[i + 1]}" ;;
		esac
	done
}

# _wamp_ask PROCEDURE MEMBER: that string member of each object in its list.
_wamp_ask()
{
	local target

	mapfile -t target < <(_wamp_target)
	wamp-call -q -w 0.5 "${target[@]}" "$1" 2>/dev/null |
	    grep -o "\"$2\":\"[^\"\\\\]*\"" | cut -d '"' -f 4
}

# _wamp_candidates KIND WORDS: a line each.
_wamp_candidates()
{
	case $1 in
	topic)	_wamp_ask wampd.topics topic ;;
	procedure)
		_wamp_ask wampd.help procedure ;;
	route)	_wamp_ask wampd.routes route ;;
	words)	printf '%s\n' "${2// /$'\n'}" ;;
	esac
}

# _wamp_offer CURRENT: the lines of stdin that begin so.  Quoted, since peers
# choose the names of topics; hence not by compgen -W either, which expands.
_wamp_offer()
{
	local candidate cut=${1%"${1##*[:=]}"}

	while IFS= read -r candidate; do
		[[ $candidate == "$1"* ]] || continue
		# Readline replaces only what is behind the last : or =.
		printf -v candidate %q "${candidate#"$cut"}"
		COMPREPLY+=("$candidate")
	done
}

# _wamp_options PROGRAM: its options' names, a line each.
_wamp_options()
{
	"$1" --complete 2>/dev/null | cut -f 1,2 | tr '\t' '\n' |
	    grep -e '^-[^-]' -e '^--.'
}

# _wamp_kind PROGRAM OPTION: kind and words of the option's value, or where
# there is no such option that takes one, of an operand.
_wamp_kind()
{
	"$1" --complete 2>/dev/null | awk -F '\t' -v option="$2" '
		$1 ~ /^operand/ { print $3 "\t" $4 }
		$3 != "flag" && ($1 == option || $2 == option) {
			print $3 "\t" $4
		}' | tail -n 1
}

_wamp()
{
	local line=${COMP_LINE:0:COMP_POINT}
	local value=${line##*[[:space:]]} option kind words

	COMPREPLY=()
	option=${line%"${value}"}
	option=${option%"${option##*[![:space:]]}"}
	option=${option##*[[:space:]]}
	if [[ $value == --*=* ]]; then
		option=${value%%=*}
		value=${value#*=}
	elif [[ $value == -* ]]; then
		_wamp_offer "$value" < <(_wamp_options "$1")
		return
	fi
	IFS=$'\t' read -r kind words < <(_wamp_kind "$1" "$option")
	if [ "$kind" = file ]; then
		compopt -o filenames 2>/dev/null	# quotes them itself
		mapfile -t COMPREPLY < <(compgen -f -- "$value")
	else
		_wamp_offer "$value" < <(_wamp_candidates "$kind" "$words")
	fi
}

complete -F _wamp wampd wamp-pub wamp-sub wamp-call wamp-routes wamp-maint \
	wamp-bench
