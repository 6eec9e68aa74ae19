from tortoise import migrations
from tortoise.migrations import operations as ops
from app.domain.family import Relation
from app.domain.health import HealthCode
from app.domain.identity import IdType
from app.domain.members import DepartureCause
from app.models.accesses import AccessKind
from app.models.fields import EncryptedJson, EncryptedText
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('app', '0001_initial')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AccessDay',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('group', fields.ForeignKeyField('app.Group', source_field='group_id', db_constraint=True, to_field='id', related_name='accesses', on_delete=OnDelete.CASCADE)),
                ('viewer', fields.ForeignKeyField('app.Person', source_field='viewer_id', db_constraint=True, to_field='id', related_name='accesses_made', on_delete=OnDelete.CASCADE)),
                ('day', fields.DateField()),
                ('kind', fields.CharEnumField(description='', enum_type=AccessKind, max_length=8)),
                ('first_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('last_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'access_day', 'app': 'app', 'unique_together': (('group', 'viewer', 'day', 'kind'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='FormerMember',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('group', fields.ForeignKeyField('app.Group', source_field='group_id', db_constraint=True, to_field='id', related_name='former_members', on_delete=OnDelete.CASCADE)),
                ('person', fields.ForeignKeyField('app.Person', source_field='person_id', db_constraint=True, to_field='id', related_name='former_memberships', on_delete=OnDelete.CASCADE)),
                ('name', EncryptedText()),
                ('remark', EncryptedText()),
                ('cause', fields.CharEnumField(description='', enum_type=DepartureCause, max_length=16)),
                ('reason', EncryptedText(null=True)),
                ('health_code', fields.CharEnumField(description='', enum_type=HealthCode, max_length=8)),
                ('latest_test', EncryptedJson(null=True)),
                ('doses', fields.IntField()),
                ('joined_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('left_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'former_member', 'app': 'app', 'indexes': [Index(fields=['group_id', 'left_at', 'id']), Index(fields=['person_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Guardianship',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('member', fields.ForeignKeyField('app.Membership', source_field='member_id', db_constraint=True, to_field='id', related_name='guardianships', on_delete=OnDelete.CASCADE)),
                ('guardian', fields.ForeignKeyField('app.Person', source_field='guardian_id', db_constraint=True, to_field='id', related_name='guardianships', on_delete=OnDelete.CASCADE)),
                ('phone', EncryptedText()),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'guardianship', 'app': 'app', 'unique_together': (('member', 'guardian'),), 'indexes': [Index(fields=['guardian_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='LeaveRequest',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('group', fields.ForeignKeyField('app.Group', source_field='group_id', db_constraint=True, to_field='id', related_name='leave_requests', on_delete=OnDelete.CASCADE)),
                ('member', fields.OneToOneField('app.Membership', source_field='member_id', db_constraint=True, to_field='id', related_name='leave_request', on_delete=OnDelete.CASCADE)),
                ('requested_by', fields.UUIDField()),
                ('reason', EncryptedText()),
                ('requested_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('due_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'leave_request', 'app': 'app', 'indexes': [Index(fields=['group_id', 'requested_at', 'id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Relative',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('guardian', fields.ForeignKeyField('app.Person', source_field='guardian_id', db_constraint=True, to_field='id', related_name='relatives', on_delete=OnDelete.CASCADE)),
                ('identity_hash', fields.CharField(max_length=64)),
                ('id_type', fields.CharEnumField(description='', enum_type=IdType, max_length=24)),
                ('id_number', EncryptedText()),
                ('name', EncryptedText()),
                ('relation', fields.CharEnumField(description='', enum_type=Relation, max_length=16)),
                ('student', fields.BooleanField()),
                ('registered', fields.BooleanField()),
                ('verified_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'relative', 'app': 'app', 'unique_together': (('guardian', 'identity_hash'),), 'indexes': [Index(fields=['guardian_id', 'created_at', 'id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Group',
            name='admin_count',
            field=fields.IntField(default=0),
        ),
        ops.AddField(
            model_name='Group',
            name='offered_to',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='Group',
            name='offered_until',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Group',
            name='pending_leaves',
            field=fields.IntField(default=0),
        ),
        ops.AddIndex(
            model_name='GroupEvent',
            index=Index(fields=['at']),
        ),
        ops.AddIndex(
            model_name='Invitation',
            index=Index(fields=['expires_at']),
        ),
        ops.AddField(
            model_name='Membership',
            name='enrolled_by',
            field=fields.ForeignKeyField('app.Person', source_field='enrolled_by_id', null=True, db_constraint=True, to_field='id', related_name='enrolled', on_delete=OnDelete.SET_NULL),
        ),
        ops.AddField(
            model_name='Membership',
            name='student',
            field=fields.BooleanField(default=False),
        ),
        ops.AddIndex(
            model_name='Quota',
            index=Index(fields=['last_at']),
        ),
        ops.AddIndex(
            model_name='RefreshRun',
            index=Index(fields=['group_id', 'started_at']),
        ),
        ops.AddIndex(
            model_name='RefreshRun',
            index=Index(fields=['started_at']),
        ),
        ops.AddIndex(
            model_name='RefreshToken',
            index=Index(fields=['expires_at']),
        ),
        ops.AddIndex(
            model_name='Session',
            index=Index(fields=['created_at']),
        ),
        ops.AddField(
            model_name='Sms',
            name='caused_by',
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name='Sms',
            name='group',
            field=fields.ForeignKeyField('app.Group', source_field='group_id', null=True, db_constraint=True, to_field='id', related_name='messages', on_delete=OnDelete.CASCADE),
        ),
        ops.AddIndex(
            model_name='Sms',
            index=Index(fields=['group_id', 'created_at', 'id']),
        ),
        ops.AddIndex(
            model_name='Sms',
            index=Index(fields=['created_at']),
        ),
        ops.AddIndex(
            model_name='Verification',
            index=Index(fields=['created_at']),
        ),
        ops.AddIndex(
            model_name='VerificationCode',
            index=Index(fields=['created_at']),
        ),
    ]
