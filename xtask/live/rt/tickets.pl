# Fills the database of rt.sh: users, queues, custom fields and tickets. The ids of the tickets are those of the comments.
use v5.36;
use utf8;
use Encode qw(encode_utf8);
use MIME::Entity;
use RT -init;
use RT::AuthToken;
use RT::Interface::Email;

my $ROOT = RT->SystemUser;

# Returns the first value, the id or success of a call, or ends with its message.
sub must {
    my ($id, @rest) = @_;
    die join(' ', 'line', (caller)[2], map { $_ // '' } @rest), "\n" unless $id;
    return $id;
}

sub created ($class, @fields) {
    my $record = $class->new($ROOT);
    my ($id, @rest) = $record->Create(@fields);
    must($id, $class, @rest);
    return $record;
}

# People.
my %user = (root => RT::User->new($ROOT));
$user{root}->Load('root');
for (
    [agent => 'agent', 'Ägnes Møller', 'agent@rt.example', 1],
    [second => 'second', "Zoë O'Brien", 'zoe@rt.example', 1],
    [requester => 'lin@customer.example', '林小雨', 'lin@customer.example', 0],
    [other => 'hana@customer.example', 'Hana Nováková', 'hana@customer.example', 0],
) {
    my ($key, $name, $real_name, $email, $is_privileged) = @$_;
    $user{$key} = created('RT::User', Name => $name, RealName => $real_name, EmailAddress => $email, Privileged => $is_privileged);
}
my $group = RT::Group->new($ROOT);
must($group->CreateUserDefinedGroup(Name => 'Second level'));
must($group->AddMember($user{second}->PrincipalId));

# Queues: everybody but root is shut out of General.
my $support = created('RT::Queue', Name => '客户支持 Support', SLADisabled => 0, CorrespondAddress => 'support@rt.example');
my $repair = created('RT::Queue', Name => 'Repair', Lifecycle => 'repair', SLADisabled => 0);
my $general = RT::Queue->new($ROOT);
$general->Load('General');

# Rights.
sub grant ($principal, $object, @rights) {
    must($principal->PrincipalObj->GrantRight(Object => $object, Right => $_)) for @rights;
}
sub internal ($name) {
    my $internal = RT::Group->new($ROOT);
    $internal->LoadSystemInternalGroup($name);
    return $internal;
}
grant($user{agent}, $_, qw(SeeQueue ShowTicket ShowTicketComments ModifyTicket ReplyToTicket CommentOnTicket OwnTicket DeleteTicket))
    for $support, $repair;
grant(internal('Privileged'), $RT::System, qw(SeeCustomField SeeGroup ManageAuthTokens OwnTicket));
grant(internal('Everyone'), $RT::System, qw(CreateTicket ReplyToTicket));
my $requestors = RT::Group->new($ROOT);
must($requestors->LoadRoleGroup(Object => $RT::System, Name => 'Requestor'));
grant($requestors, $RT::System, qw(ShowTicket SeeQueue));

# Custom fields and a custom role.
my %field;
for (
    ['Serial number', 'FreeformSingle'],
    ['Severity', 'SelectSingle', 'Low', 'High 🔥'],
    ['Products', 'SelectMultiple', 'Router X1', '路由器 X2', 'Phone'],
    ['Bought on', 'Date'],
    ['Call back at', 'DateTime'],
    ['Photo', 'ImageSingle'],
) {
    my ($name, $type, @values) = @$_;
    $field{$name} = created('RT::CustomField', Name => $name, Type => $type, LookupType => 'RT::Queue-RT::Ticket');
    must($field{$name}->AddValue(Name => $_)) for @values;
    must($field{$name}->AddToObject($_)) for $support, $repair;
}
my $manager = created('RT::CustomRole', Name => 'Account manager', MaxValues => 1);
must($manager->AddToObject($_->id)) for $support, $repair;

# Tickets.
sub part ($type, $text) {
    return MIME::Entity->build(Type => $type, Charset => 'UTF-8', Encoding => '8bit', Data => [encode_utf8($text)]);
}
sub with_files ($message, @files) {
    for (@files) {
        my ($name, $type, $bytes) = @$_;
        $message->attach(Filename => $name, Type => $type, Encoding => 'base64', Disposition => 'attachment', Data => [$bytes]);
    }
    return $message;
}
sub as ($ticket, $user) {
    my $same = RT::Ticket->new(RT::CurrentUser->new($user{$user}));
    $same->Load($ticket->id);
    return $same;
}
sub ticket ($user, $queue, $subject, $body, %fields) {
    my $ticket = RT::Ticket->new(RT::CurrentUser->new($user{$user}));
    my ($id, undef, $message) = $ticket->Create(Queue => $queue->id, Subject => $subject, MIMEObj => $body, %fields);
    must($id, $message);
    $ticket = RT::Ticket->new($ROOT);
    $ticket->Load($id);
    return $ticket;
}
sub reply ($ticket, $user, $message) { must(as($ticket, $user)->Correspond(MIMEObj => $message)) }
sub note ($ticket, $user, $text) { must(as($ticket, $user)->Comment(MIMEObj => part('text/plain', $text))) }
sub status ($ticket, $user, @words) { must(as($ticket, $user)->SetStatus($_)) for @words }
sub mail ($queue, $mail) {
    my ($status, $error, $ticket) =
        RT::Interface::Email::Gateway({ message => encode_utf8($mail =~ s/\n/\r\n/gr), queue => $queue->Name, action => 'correspond' });
    must($status == 1, $error);
    return $ticket;
}

# 1: everything that a ticket may have.
my $rich = ticket(
    'root', $support, 'Router does not start 🔌 <urgent & "hot">',
    with_files(
        part('text/html', '<p>您好，路由器<b>无法启动</b>。😀</p>'),
        ['photo 1.png', 'image/png', "\x89PNG\r\n\x1a\n"],
        ['log.txt', 'text/plain', "line 1\nline 2\n"],
    ),
    Requestor => ['lin@customer.example', 'hana@customer.example'],
    Cc => ['boss@customer.example'],
    Owner => $user{agent}->id,
    Priority => 70, InitialPriority => 20, FinalPriority => 100,
    TimeWorked => 15, TimeEstimated => 90,
    SLA => 'Priority',
    $manager->GroupType => $user{second}->id,
    map({ ('CustomField-' . $field{$_->[0]}->id => $_->[1]) }
        ['Serial number', 'SN-0123456789'], ['Severity', 'High 🔥'], ['Products', ['Router X1', '路由器 X2']],
        ['Bought on', '2025-12-24'], ['Call back at', '2026-04-01 08:15:00']),
);
must($rich->AddWatcher(Type => 'AdminCc', PrincipalId => $group->PrincipalId));
must($rich->AddCustomFieldValue(Field => $field{Photo}->id, Value => 'front.png', ContentType => 'image/png', LargeContent => "\x89PNG\r\n\x1a\n"));
reply($rich, 'agent', part('text/plain', "Have you tried another socket?\n"));
note($rich, 'agent', 'Third case this week 🤔');
reply($rich, 'requester', with_files(part('text/plain', "还是不行。\n"), ['rechnung.pdf', 'application/pdf', "%PDF-1.4\n%%EOF\n"]));

must($rich->SetDue('2031-05-04 10:30:00')); # last, since each message sets the due time of the service level

# 2: an e-mail with both forms of its text, and a file with a name in Cyrillic.
my $mailed = mail($support, <<'MAIL');
From: =?UTF-8?B?5p6X5bCP6Zuo?= <lin@customer.example>
To: support@rt.example
Cc: Accounts <accounts@customer.example>
Subject: =?UTF-8?Q?Rechnung_f=C3=BCr_M=C3=A4rz?=
Message-ID: <invoice-1@customer.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=UTF-8

Bitte um eine Kopie für März.

--inner
Content-Type: text/html; charset=UTF-8

<p>Bitte um eine <b>Kopie</b> für März.</p>

--inner--

--outer
Content-Type: text/plain; charset=UTF-8; name*=UTF-8''%D0%B7%D0%B0%D0%BC%D0%B5%D1%82%D0%BA%D0%B0.txt
Content-Disposition: attachment; filename*=UTF-8''%D0%B7%D0%B0%D0%BC%D0%B5%D1%82%D0%BA%D0%B0.txt

привет
--outer--
MAIL

# 3: nothing but what RT demands.
my $bare = ticket('root', $general, '', undef);

# 4: another ticket is merged into it below.
my $flicker = ticket('root', $support, 'Screen flickers', part('text/plain', 'since yesterday'), Requestor => 'hana@customer.example', Owner => $user{second}->id);
must($flicker->SetOwner($user{agent}->id, 'Force'));
status($flicker, 'agent', 'open', 'stalled');

# 5: resolved.
my $password = ticket('root', $support, 'Password forgotten', part('text/plain', 'please reset it'), Requestor => 'hana@customer.example');
reply($password, 'agent', part('text/plain', 'Done.'));
status($password, 'agent', 'resolved');

# 6: rejected.
my $spam = ticket('root', $general, 'SPAM: buy now', part('text/html', '<b>buy</b>'), Requestor => 'spam@spam.example');
status($spam, 'root', 'rejected');

# 7: deleted.
my $oops = ticket('root', $support, 'Written by mistake', part('text/plain', 'oops'), Requestor => 'hana@customer.example');
status($oops, 'agent', 'deleted');

# 8: statuses of the tenant's own.
my $antenna = ticket('root', $repair, 'Replace the antenna', part('text/plain', 'on the roof'), Requestor => 'lin@customer.example', $manager->GroupType => $user{agent}->id);
status($antenna, 'agent', 'diagnosed', '待用户回复');

# 9: merged into 4.
my $again = ticket('root', $support, 'Screen flickers again', part('text/plain', 'still'), Requestor => 'lin@customer.example');
must($again->MergeInto($flicker->id));

# 10: links.
my $links = ticket('root', $support, 'Follow-up', part('text/plain', 'see the others'), Requestor => 'hana@customer.example');
for (['DependsOn', $antenna->id], ['MemberOf', $rich->id], ['RefersTo', $password->id], ['RefersTo', 'https://example.com/kb/1']) {
    my ($type, $target) = @$_;
    must($links->AddLink(Type => $type, Target => $target));
}

# 11: more events and more attachments than a page has.
my $long = ticket('root', $repair, 'A long story', part('text/plain', 'message 0'), Requestor => 'hana@customer.example');
for my $number (1 .. 120) {
    $number % 2 ? note($long, 'agent', "message $number") : reply($long, 'agent', part('text/plain', "message $number"));
}

# 12: a name with a quote.
mail($repair, <<'MAIL');
From: Siobhan O'Neill <o'neill@customer.example>
To: repair@rt.example
Subject: It's broken
Message-ID: <broken-1@customer.example>
Content-Type: text/html; charset=UTF-8

<p>It's &quot;broken&quot;.</p>
MAIL

# Each ticket was created on a day of its own, and changed a month later.
for my $id (1 .. 12) {
    my $ticket = RT::Ticket->new($ROOT);
    $ticket->LoadById($id);
    must($ticket->__Set(Field => 'Created', Value => sprintf('2024-01-%02d 12:00:00', $id)));
    must($ticket->__Set(Field => 'LastUpdated', Value => sprintf('2024-02-%02d 12:00:00', $id)));
}

# Tokens, last: the script counts as finished when they are there.
my $tokens = '';
for my $name (qw(root agent requester)) {
    my ($id, $message, $token) = RT::AuthToken->new($ROOT)->Create(Owner => $user{$name}->id, Description => 'live checks');
    must($id, $message);
    $tokens .= uc($name) . " $token\n";
}
open my $file, '>', "$ENV{RT_LIVE_STATE}/tokens" or die $!;
print $file $tokens;
close $file or die $!;
