#!/usr/bin/env php
<?php
// echo.php: calls that answer with their arguments, and with who called.

while (($line = fgets(STDIN)) !== false) {
    $message = json_decode($line, false, 512, JSON_BIGINT_AS_STRING);
    if (!isset($message->id)) {
        continue;       // somebody came or left: no answer is wanted
    }
    $answer = ['id' => $message->id];
    if ($message->type === 'call') {
        $answer['result'] = [
            'user' => $message->session->user,
            'args' => $message->args,
        ];
    } else {
        $answer['allow'] = true;
    }
    echo json_encode($answer), "\n";
}
