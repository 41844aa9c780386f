# wamp.bash: bash completion of wampd and its tools.
#
# The programs know themselves what completes a word (--complete WORD...),
# also the topics, procedures, routes and sessions of the broker that the
# command line names; without one there are none.  Here is what takes quotes
# off the words, and puts them on what is offered: peers choose the names of
# topics.

# _wamp_bare WORD: REPLY is the word without its quotes, quote the one that is
# still open.
_wamp_bare()
{
	local rest=$1 c

	REPLY='' quote=''
	[[ $rest != \~/* ]] || rest=$HOME/${rest:2}
	while [ -n "$rest" ]; do
		c=${rest:0:1} rest=${rest:1}
		case $quote$c in
		\'\' | \"\")
			quote='' ;;
		\' | \")
			quote=$c ;;
		\\ | \"\\)
			REPLY+=${rest:0:1} rest=${rest:1} ;;
		*)	REPLY+=$c ;;
		esac
	done
}

# _wamp_quoted TEXT: REPLY is the text as it stands behind the open quote.
_wamp_quoted()
{
	REPLY=$1
	case $quote in
	\')	REPLY=${REPLY//\'/\'\\\'\'} ;;
	\")	REPLY=${REPLY//\\/\\\\}
		REPLY=${REPLY//\"/\\\"}
		REPLY=${REPLY//\$/\\\$}
		REPLY=${REPLY//\`/\\\`}
		# History is looked for in these quotes, with any backslash.
		REPLY=${REPLY//!/\"\\!\"} ;;
	*)	printf -v REPLY %q "$REPLY" ;;
	esac
}

# The words up to the cursor, without quotes, in words; in cut that start of
# the last one which Readline keeps, since for it words end at : and = as well.
_wamp_words()
{
	local line=${COMP_LINE:0:COMP_POINT} i word blank last

	for ((i = 0; i <= COMP_CWORD; i++)); do
		blank=${line%%[![:space:]]*}
		line=${line#"$blank"}
		word=${COMP_WORDS[i]}
		((i < COMP_CWORD)) || word=$line
		line=${line#"$word"}
		if ((i > 0)) && [ -z "$blank" ]; then
			words[-1]+=$word
		else
			words+=("$word")
		fi
	done
	[[ $word != [:=] ]] || word=''
	last=${words[-1]}
	_wamp_bare "${last%"$word"}"
	cut=$REPLY
	for i in "${!words[@]}"; do
		_wamp_bare "${words[i]}"
		words[i]=$REPLY
	done
}

# _wamp_offer CANDIDATE...: those that begin as the last word does.
_wamp_offer()
{
	local candidate

	for candidate; do
		[[ $candidate == "${words[-1]}"* ]] || continue
		_wamp_quoted "${candidate#"$cut"}"
		COMPREPLY+=("$REPLY")
	done
}

_wamp()
{
	local how prefix quote cut REPLY
	local -a words answer names

	COMPREPLY=()
	_wamp_words
	mapfile -t answer < <("${words[0]}" --complete "${words[@]:1}" \
	    2>/dev/null)
	how=${answer[0]%%$'\t'*}
	prefix=${answer[0]#*$'\t'}
	case $how in
	files)	compopt -o filenames 2>/dev/null	# it quotes them itself
		mapfile -t names < <(compgen -f -- "${words[-1]#"$prefix"}")
		names=("${names[@]/#/"$prefix"}")
		COMPREPLY=("${names[@]#"$cut"}") ;;
	commands)
		mapfile -t names < <(compgen -c -- "${words[-1]#"$prefix"}")
		_wamp_offer "${names[@]/#/"$prefix"}" ;;
	stems | values)
		[ "$how" = values ] || compopt -o nospace 2>/dev/null
		names=("${answer[@]:1}")
		names=("${names[@]%%$'\t'*}")
		_wamp_offer "${names[@]/#/"$prefix"}" ;;
	esac
}

complete -F _wamp wampd wamp-pub wamp-sub wamp-call wamp-routes wamp-maint \
	wamp-bench wamp-ticket wamp-top wamp-check
