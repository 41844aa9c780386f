#!/usr/bin/env php
<?php
// oro-users.php FOLDER: tell wampd the users of an Oro application, from its
// own database.  FOLDER is that of the application; wampd.yml has:
//
//     tickets:
//       oro:
//         secret_file: /etc/wampd/oro-secret
//         command: [php, /path/to/oro-users.php, /srv/oro]
//
// Give it a database user who may read only these three tables.  Then put its
// URL into a file that only wampd may read, as ORO_DB_URL=pgsql://..., and name
// that file instead of FOLDER.

const QUERY = 'SELECT id, username, password FROM oro_user
    WHERE username = ? AND enabled = ?';
const ROLES = 'SELECT role FROM oro_access_role r
    JOIN oro_user_access_role u ON u.role_id = r.id WHERE u.user_id = ?';

/** The value of ORO_DB_URL; a file of the environment that is local wins. */
function databaseUrl(string $path): string
{
    $files = is_dir($path) ?
        ["$path/.env-app.local", "$path/.env-app"] : [$path];
    foreach (array_filter($files, 'is_readable') as $file) {
        if (preg_match('/^ORO_DB_URL=["\']?([^"\'\s]+)/m',
            file_get_contents($file), $found)) {
            return $found[1];
        }
    }
    throw new RuntimeException("$path: no ORO_DB_URL is there");
}

function connect(string $url): PDO
{
    $options = [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
        PDO::ATTR_TIMEOUT => 3];
    if (str_starts_with($url, 'sqlite:')) {
        return new PDO($url, null, null, $options);
    }
    $at = array_map(fn ($part) => is_string($part) ? rawurldecode($part) :
        $part, parse_url($url) ?: []);
    $driver = str_contains($at['scheme'] ?? '', 'mysql') ? 'mysql' : 'pgsql';
    $dsn = sprintf('%s:host=%s;port=%d;dbname=%s', $driver,
        $at['host'] ?? 'localhost',
        $at['port'] ?? ($driver === 'mysql' ? 3306 : 5432),
        ltrim($at['path'] ?? '', '/'));

    return new PDO($dsn, $at['user'] ?? null, $at['pass'] ?? null, $options);
}

function find(PDO $db, string $name): array
{
    $query = $db->prepare(QUERY);
    $query->bindValue(1, $name);
    $query->bindValue(2, true, PDO::PARAM_BOOL);
    $query->execute();
    $user = $query->fetch(PDO::FETCH_ASSOC);
    if ($user === false) {
        return ['user' => null];
    }
    $roles = $db->prepare(ROLES);
    $roles->execute([$user['id']]);

    return ['user' => $user['username'], 'password' => $user['password'],
        'user_id' => (int) $user['id'],
        'roles' => $roles->fetchAll(PDO::FETCH_COLUMN)];
}

ini_set('display_errors', 'stderr');
// A database that was away is connected to again for the next question.
$db = null;
while (($line = fgets(STDIN)) !== false) {
    $question = json_decode($line, true);
    try {
        $db ??= connect(databaseUrl($argv[1] ?? '.'));
        $answer = find($db, $question['user']);
    } catch (Exception $e) {
        $db = null;
        $answer = ['error' => $e->getMessage()];
    }
    echo json_encode(['id' => $question['id']] + $answer), "\n";
}
