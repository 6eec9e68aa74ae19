from tortoise import migrations
from tortoise.migrations import operations as ops
from app.domain.events import EventType
from app.domain.groups import GroupColour, GroupType, NatValidity
from app.domain.health import HealthCode, TestResult
from app.domain.identity import IdType
from app.domain.codes import CodePurpose
from app.domain.verifications import VerificationPurpose, VerificationStatus
from app.domain.refresh import RefreshStatus
from app.domain.roles import Role
from app.models.due import WorkKind
from app.models.fields import EncryptedJson, EncryptedText
from app.domain.sms import SmsState, SmsTemplate
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from uuid import uuid4
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name='DueWork',
            fields=[
                ('key', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ('kind', fields.CharEnumField(description='', enum_type=WorkKind, max_length=16)),
                ('subject_id', fields.UUIDField()),
                ('due_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ('attempts', fields.IntField(default=0)),
                ('stamp', fields.UUIDField()),
            ],
            options={'table': 'due_work', 'app': 'app', 'pk_attr': 'key'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Person',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('identity_hash', fields.CharField(unique=True, max_length=64)),
                ('id_type', fields.CharEnumField(description='', enum_type=IdType, max_length=24)),
                ('id_number', EncryptedText()),
                ('name', EncryptedText()),
                ('owned_groups', fields.IntField(default=0)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'person', 'app': 'app', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Account',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('phone_hash', fields.CharField(unique=True, max_length=64)),
                ('phone', EncryptedText()),
                ('person', fields.ForeignKeyField('app.Person', source_field='person_id', null=True, db_constraint=True, to_field='id', related_name='accounts', on_delete=OnDelete.SET_NULL)),
                ('person_shown', fields.BooleanField(default=True)),
                ('language', fields.CharField(max_length=2)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('last_seen_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'account', 'app': 'app', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Group',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('creator', fields.ForeignKeyField('app.Person', source_field='creator_id', db_constraint=True, to_field='id', related_name='groups_created', on_delete=OnDelete.CASCADE)),
                ('name', fields.CharField(max_length=60)),
                ('type', fields.CharEnumField(description='', enum_type=GroupType, max_length=24)),
                ('address', fields.CharField(max_length=200)),
                ('colour', fields.CharEnumField(default=GroupColour.GREEN, description='', enum_type=GroupColour, max_length=8)),
                ('reason_counts', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ('nat_validity', fields.CharEnumField(default=NatValidity.NONE, description='', enum_type=NatValidity, max_length=8)),
                ('lists_yellow', fields.BooleanField(default=True)),
                ('lists_unknown', fields.BooleanField(default=True)),
                ('admins_may_invite', fields.BooleanField(default=True)),
                ('joining_open', fields.BooleanField(default=True)),
                ('remark_prompt', fields.CharField(default='', max_length=60)),
                ('remark_required', fields.BooleanField(default=False)),
                ('member_count', fields.IntField(default=1)),
                ('version', fields.BigIntField(default=0)),
                ('refresh_run_id', fields.UUIDField(null=True)),
                ('refresh_started_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('refreshed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('dissolved_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'groups', 'app': 'app', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Consent',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('person', fields.ForeignKeyField('app.Person', source_field='person_id', db_constraint=True, to_field='id', related_name='consents', on_delete=OnDelete.CASCADE)),
                ('group', fields.ForeignKeyField('app.Group', source_field='group_id', db_constraint=True, to_field='id', related_name='consents', on_delete=OnDelete.CASCADE)),
                ('given_by', fields.ForeignKeyField('app.Person', source_field='given_by_id', db_constraint=True, to_field='id', related_name='consents_given', on_delete=OnDelete.CASCADE)),
                ('terms_version', fields.CharField(max_length=16)),
                ('given_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'consent', 'app': 'app', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='GroupEvent',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('group', fields.ForeignKeyField('app.Group', source_field='group_id', db_constraint=True, to_field='id', related_name='events', on_delete=OnDelete.CASCADE)),
                ('seq', fields.BigIntField()),
                ('type', fields.CharEnumField(description='', enum_type=EventType, max_length=32)),
                ('actor_id', fields.UUIDField(null=True)),
                ('subject_id', fields.UUIDField(null=True)),
                ('details', fields.JSONField(default=dict, encoder=JSON_DUMPS, decoder=loads)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'group_event', 'app': 'app', 'unique_together': (('group', 'seq'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='HealthRecord',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('person', fields.OneToOneField('app.Person', source_field='person_id', db_constraint=True, to_field='id', related_name='record', on_delete=OnDelete.CASCADE)),
                ('health_code', fields.CharEnumField(description='', enum_type=HealthCode, max_length=8)),
                ('health_code_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('newest_result', fields.CharEnumField(null=True, description='', enum_type=TestResult, max_length=8)),
                ('newest_result_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('newest_negative_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('doses', fields.IntField()),
                ('tests', EncryptedJson()),
                ('vaccinations', EncryptedJson()),
                ('as_of', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'health_record', 'app': 'app', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Invitation',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('group', fields.ForeignKeyField('app.Group', source_field='group_id', db_constraint=True, to_field='id', related_name='invitations', on_delete=OnDelete.CASCADE)),
                ('created_by', fields.ForeignKeyField('app.Person', source_field='created_by_id', db_constraint=True, to_field='id', related_name='invitations', on_delete=OnDelete.CASCADE)),
                ('token_hash', fields.CharField(unique=True, max_length=64)),
                ('token', EncryptedText()),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('withdrawn_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'invitation', 'app': 'app', 'indexes': [Index(fields=['group_id', 'created_at', 'id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Membership',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('group', fields.ForeignKeyField('app.Group', source_field='group_id', db_constraint=True, to_field='id', related_name='members', on_delete=OnDelete.CASCADE)),
                ('person', fields.ForeignKeyField('app.Person', source_field='person_id', db_constraint=True, to_field='id', related_name='memberships', on_delete=OnDelete.CASCADE)),
                ('role', fields.CharEnumField(description='', enum_type=Role, max_length=8)),
                ('remark', EncryptedText()),
                ('phone', EncryptedText()),
                ('joined_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('awaited_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'membership', 'app': 'app', 'unique_together': (('group', 'person'),), 'indexes': [Index(fields=['person_id']), Index(fields=['group_id', 'joined_at', 'id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Anomaly',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('group', fields.ForeignKeyField('app.Group', source_field='group_id', db_constraint=True, to_field='id', related_name='anomalies', on_delete=OnDelete.CASCADE)),
                ('member', fields.OneToOneField('app.Membership', source_field='member_id', db_constraint=True, to_field='id', related_name='anomaly', on_delete=OnDelete.CASCADE)),
                ('reasons', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('opened_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('next_change_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'anomaly', 'app': 'app', 'indexes': [Index(fields=['group_id', 'opened_at', 'id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Quota',
            fields=[
                ('key', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ('window', fields.CharField(max_length=32)),
                ('used', fields.IntField()),
                ('last_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'quota', 'app': 'app', 'pk_attr': 'key'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RefreshRun',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('group', fields.ForeignKeyField('app.Group', source_field='group_id', db_constraint=True, to_field='id', related_name='refresh_runs', on_delete=OnDelete.CASCADE)),
                ('status', fields.CharEnumField(description='', enum_type=RefreshStatus, max_length=12)),
                ('done', fields.IntField(default=0)),
                ('total', fields.IntField(default=0)),
                ('missing', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('requested_by', fields.UUIDField(null=True)),
                ('started_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'refresh_run', 'app': 'app', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Session',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('account', fields.ForeignKeyField('app.Account', source_field='account_id', db_index=True, db_constraint=True, to_field='id', related_name='sessions', on_delete=OnDelete.CASCADE)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'session', 'app': 'app', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RefreshToken',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('session', fields.ForeignKeyField('app.Session', source_field='session_id', db_constraint=True, to_field='id', related_name='tokens', on_delete=OnDelete.CASCADE)),
                ('token_hash', fields.CharField(unique=True, max_length=64)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'refresh_token', 'app': 'app', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Sms',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('template', fields.CharEnumField(description='', enum_type=SmsTemplate, max_length=32)),
                ('phone', EncryptedText()),
                ('params', EncryptedJson(null=True)),
                ('language', fields.CharField(max_length=2)),
                ('state', fields.CharEnumField(default=SmsState.QUEUED, description='', enum_type=SmsState, max_length=8)),
                ('attempts', fields.IntField(default=0)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('ended_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'sms', 'app': 'app', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Verification',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('account', fields.ForeignKeyField('app.Account', source_field='account_id', db_constraint=True, to_field='id', related_name='verifications', on_delete=OnDelete.CASCADE)),
                ('provider_id', EncryptedText()),
                ('purpose', fields.CharEnumField(description='', enum_type=VerificationPurpose, max_length=16)),
                ('identity_hash', fields.CharField(max_length=64)),
                ('id_type', fields.CharEnumField(description='', enum_type=IdType, max_length=24)),
                ('id_number', EncryptedText()),
                ('name', EncryptedText()),
                ('status', fields.CharEnumField(description='', enum_type=VerificationStatus, max_length=8)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('passed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'verification', 'app': 'app', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='VerificationCode',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('phone_hash', fields.CharField(max_length=64)),
                ('purpose', fields.CharEnumField(description='', enum_type=CodePurpose, max_length=20)),
                ('code_hash', fields.CharField(max_length=64)),
                ('tries', fields.IntField(default=0)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'verification_code', 'app': 'app', 'indexes': [Index(fields=['phone_hash', 'purpose', 'created_at'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
