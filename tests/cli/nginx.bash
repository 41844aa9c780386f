# nginx in front of the broker, in $BATS_TEST_TMPDIR.

NGINX_SOCKET=$BATS_TEST_TMPDIR/nginx.sock

# nginx_need: skip the test without nginx.  Call it in setup().
nginx_need()
{
	PATH=$PATH:/usr/sbin
	command -v nginx >/dev/null || skip 'no nginx'
}

nginx_listens()
{
	[ -S "$NGINX_SOCKET" ] ||
	    process_ended "$(cat "$BATS_TEST_TMPDIR/nginx.pid")"
}

# nginx_start: start it with a server whose directives stdin has.  It may be the
# end of a pipeline.
nginx_start()
{
	local folder=$BATS_TEST_TMPDIR kind

	{
		# It removes this file when it ends.
		echo 'daemon off; master_process off; pid nginx.own-pid;'
		echo 'error_log stderr; events {} http { access_log off;'
		for kind in client_body proxy fastcgi uwsgi scgi; do
			echo "${kind}_temp_path $folder/$kind;"
		done
		echo "server { listen unix:$NGINX_SOCKET;"
		cat
		echo '} }'
	} >"$folder/nginx.conf"
	nginx -p "$folder" -c nginx.conf -e stderr 2>"$folder/nginx.log" 3>&- &
	echo "$!" >"$folder/nginx.pid"
	wait_until nginx_listens
}

# nginx_stop: end it, if it was started.  Call it in teardown().
nginx_stop()
{
	local pid

	[ -e "$BATS_TEST_TMPDIR/nginx.pid" ] || return 0
	read -r pid <"$BATS_TEST_TMPDIR/nginx.pid"
	kill "$pid"
	wait_until process_ended "$pid"
}
