# screen.bash: a terminal for programs that draw on it, by tmux.
#
#	screen_start COLUMNS ROWS COMMAND	run it there
#	screen_keys KEY...			type, as tmux names keys
#	screen_size COLUMNS ROWS		give the terminal another size
#	screen_has REGEX			wait until a line matches
#	screen_lacks REGEX			wait until none does
#	screen_end				in teardown
#
# What a test waits for is what the screen shows.

screen_tmux()
{
	tmux -S "$BATS_TEST_TMPDIR/tmux.$SCREENS" -f /dev/null "$@" 3>&-
}

# The last line of the screen tells how the command ended.
screen_start()
{
	# A server that ends may not be gone yet.
	SCREENS=$((${SCREENS:-0} + 1))
	# If the terminal goes away, LeakSanitizer does not come to its end.
	ASAN_OPTIONS="$ASAN_OPTIONS:detect_leaks=0" \
	    screen_tmux new-session -d -x "$1" -y "$2" \
	    "$3; echo \"ended with \$?\"; exec cat"
	SCREEN=yes
}

screen_keys()
{
	screen_tmux send-keys "$@"
}

screen_size()
{
	screen_tmux resize-window -x "$1" -y "$2"
}

screen()
{
	screen_tmux capture-pane -p
}

screen_matches()
{
	screen | grep -qE -- "$1"
}

screen_matches_not()
{
	! screen_matches "$1"
}

screen_has()
{
	wait_until screen_matches "$1" || {
		echo "no such line: $1"
		screen
		return 1
	}
}

screen_lacks()
{
	wait_until screen_matches_not "$1" || {
		echo "still there: $1"
		screen
		return 1
	}
}

# The process of the command.
screen_pid()
{
	pgrep -P "$(screen_tmux list-panes -F '#{pane_pid}')" "$1"
}

screen_end()
{
	[ -z "${SCREEN:-}" ] || screen_tmux kill-server
	SCREEN=
}
