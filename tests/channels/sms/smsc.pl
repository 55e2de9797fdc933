# A mobile operator's message centre, as far as one connection sees it: Net::SMPP of Debian on the other end of the wire.
# Orders on standard input, one a line; what happens on standard output, one a line; bytes in hexadecimal.
#   deliver SOURCE TO ESM CODING HEX     receipt ID TO STATE     refuse STATUS (the next submit_sm)     drop
#   -> port N · bound USER · submit ID SOURCE TO ESM CODING REGISTERED HEX · answered SEQ STATUS · gone
use strict;
use warnings;
use IO::Select;
use Net::SMPP;

$| = 1;
my $door = Net::SMPP->new_listen('127.0.0.1', port => 0) or die "listen: $!";
print "port ", $door->sockport, "\n";
my ($esme, $refuse, $named) = (undef, 0, 0x10000000);
my $select = IO::Select->new(\*STDIN, $door);

sub gone {
    $select->remove($esme);
    close $esme;
    undef $esme;
    print "gone\n";
}

sub order {
    my ($what, @more) = split ' ', $_[0];
    if ($what eq 'drop') { gone() if $esme }
    elsif ($what eq 'refuse') { $refuse = hex $more[0] }
    elsif ($what eq 'deliver') {
        my ($from, $to, $esm, $coding, $hex) = @more;
        $esme->deliver_sm(async => 1, source_addr => $from, destination_addr => $to, esm_class => $esm,
            data_coding => $coding, short_message => pack('H*', $hex // ''));
    }
    elsif ($what eq 'receipt') {
        my ($id, $to, $state) = @more;
        my $words = "id:$id sub:001 dlvrd:001 submit date:2611181432 done date:2611181433 stat:$state err:000 text:";
        $esme->deliver_sm(async => 1, source_addr => $to, destination_addr => '12345', esm_class => 4,
            data_coding => 0, short_message => $words);
    }
}

sub heard {
    local $SIG{__WARN__} = sub { };    # it says on standard error that a connection has ended
    my $pdu = $esme->read_pdu() or return gone();
    my ($cmd, $seq) = @$pdu{qw(cmd seq)};
    if ($cmd == Net::SMPP::CMD_bind_transceiver) {
        $esme->set_version(0x34);
        $esme->bind_transceiver_resp(system_id => 'smsc', seq => $seq, status => $pdu->{password} eq 'geheim' ? 0 : 0x0e);
        print "bound $pdu->{system_id}\n";
    }
    elsif ($cmd == Net::SMPP::CMD_enquire_link) { $esme->enquire_link_resp(seq => $seq) }
    elsif ($cmd == Net::SMPP::CMD_unbind) { $esme->unbind_resp(seq => $seq) }
    elsif ($cmd == Net::SMPP::CMD_deliver_sm_resp) { print "answered $seq $pdu->{status}\n" }
    elsif ($cmd == Net::SMPP::CMD_submit_sm) {
        my $id = ++$named;
        if ($refuse) { $esme->submit_sm_resp(message_id => '', seq => $seq, status => $refuse); $refuse = 0; return }
        $esme->submit_sm_resp(message_id => sprintf('%x', $id), seq => $seq);
        print join(' ', 'submit', $id, @$pdu{qw(source_addr destination_addr esm_class data_coding registered_delivery)},
            unpack('H*', $pdu->{short_message})), "\n";
    }
}

while (1) {
    for my $ready ($select->can_read) {
        if ($ready == \*STDIN) { my $n = sysread(STDIN, my $lines, 65536); exit unless $n; order($_) for split /\n/, $lines }
        elsif ($ready == $door) { $esme = $door->accept; $select->add($esme) }
        elsif ($esme && $ready == $esme) { heard() }
    }
}
