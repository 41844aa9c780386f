#!/usr/bin/env php
<?php
// publish-direct.php TOPIC JSON...: publish events over the broker's control
// socket, without any program or library.
//
// Each message is a JSON list on a line of its own.  PUBLISH, type 7, has no
// answer; the call of wampd.barrier tells what became of all before it.

/**
 * @param array $events whatever json_encode() takes
 * @return int how many sessions got them, added up
 * @throws RuntimeException with the reason when one was not accepted
 */
function publish(string $topic, array $events): int
{
    $path = getenv('WAMPD_CONTROL') ?: '/run/wampd/control.sock';
    $socket = @stream_socket_client("unix://$path", $code, $reason, 5);
    if ($socket === false) {
        throw new RuntimeException("$path: $reason");
    }
    stream_set_timeout($socket, 10);
    fgets($socket);         // WELCOME
    foreach ($events as $event) {
        fwrite($socket, json_encode([7, $topic, $event]) . "\n");
    }
    fwrite($socket, '[2,"done","wampd.barrier"]' . "\n");
    while (($line = fgets($socket)) !== false) {
        $message = json_decode($line, true);
        if ($message[0] === 4) {
            throw new RuntimeException("$message[2]: $message[3]");
        }
        if ($message[0] === 3) {
            return $message[2]['delivered'];
        }
    }
    throw new RuntimeException("$path: no answer");
}

try {
    $events = array_map('json_decode', array_slice($argv, 2));
    printf("%d deliveries\n", publish($argv[1], $events));
} catch (Exception $e) {
    fwrite(STDERR, "publish-direct.php: {$e->getMessage()}\n");
    exit(1);
}
