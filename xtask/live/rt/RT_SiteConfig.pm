# The configuration of the Request Tracker that rt.sh starts; the variables come from there.
use utf8;

Set($rtname, 'rt.example');
Set($Organization, 'rt.example');
Set($WebDomain, '127.0.0.1');
Set($WebPort, $ENV{RT_LIVE_PORT});
Set($WebPath, '/rt');
Set($Timezone, 'Asia/Shanghai'); # not UTC, so that an error in a time zone shows

# Without it, RT does not count the tickets that a user may see, and a page leaves out the others.
Set($UseSQLForACLChecks, $ENV{RT_LIVE_COUNTS} // 1);

Set($DatabaseType, 'SQLite');
Set($DatabaseName, "$ENV{RT_LIVE_STATE}/rt.sqlite");
Set($MasonDataDir, "$ENV{RT_LIVE_STATE}/mason");
Set($MasonSessionDir, "$ENV{RT_LIVE_STATE}/sessions");
Set($LogToSyslog, undef);
Set($LogToSTDERR, 'warning');
Set($MailCommand, sub { 1 }); # no e-mail leaves this machine

Set(%ServiceAgreements,
    Default => 'Standard',
    Levels  => {
        Standard => { Resolve => { RealMinutes => 3 * 24 * 60 } },
        Priority => { Starts => { RealMinutes => 30 }, Resolve => { RealMinutes => 8 * 60 } },
    },
);

# Statuses of the tenant's own.
Set(%Lifecycles,
    repair => {
        initial  => ['received'],
        active   => ['diagnosed', '待用户回复'],
        inactive => ['repaired', 'scrapped', 'deleted'],
        defaults => { on_create => 'received' },
        transitions => {
            ''           => ['received'],
            'received'   => ['diagnosed', 'scrapped', 'deleted'],
            'diagnosed'  => ['待用户回复', 'repaired', 'scrapped', 'deleted'],
            '待用户回复' => ['diagnosed', 'repaired', 'deleted'],
            'repaired'   => ['diagnosed'],
            'scrapped'   => ['diagnosed'],
            'deleted'    => ['received'],
        },
        rights => { '* -> *' => 'ModifyTicket' },
    },
);

1;
